using Grpc.Core;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.TestKit.Calls;

/// <summary>Calls of any method, whatever its contract: an empty message is one of every method.</summary>
public static class EmptyCall
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    public static Method<byte[], byte[]> Of(MethodType type, string service, string name) => new(type, service, name, Bytes, Bytes);

    /// <summary>What the call is refused with; null where it ends without a fault, or has begun to answer.</summary>
    public static async Task<RpcException?> RefusalAsync(CallInvoker calls, Method<byte[], byte[]> method, Metadata metadata)
    {
        var options = new CallOptions(metadata);
        try
        {
            switch (method.Type)
            {
                case MethodType.Unary:
                    using (var call = calls.AsyncUnaryCall(method, host: null, options, [])) await call.ResponseAsync.Soon();
                    break;
                case MethodType.ClientStreaming:
                    using (var call = calls.AsyncClientStreamingCall(method, host: null, options))
                    {
                        await WriteAsync(call.RequestStream);
                        await call.ResponseAsync.Soon();
                    }

                    break;
                case MethodType.ServerStreaming:
                    using (var call = calls.AsyncServerStreamingCall(method, host: null, options, [])) await call.ResponseStream.MoveNext(CancellationToken.None).Soon();
                    break;
                case MethodType.DuplexStreaming:
                    using (var call = calls.AsyncDuplexStreamingCall(method, host: null, options))
                    {
                        await WriteAsync(call.RequestStream);
                        await call.ResponseStream.MoveNext(CancellationToken.None).Soon();
                    }

                    break;
            }

            return null;
        }
        catch (RpcException refused)
        {
            return refused;
        }
    }

    // What is refused at the door takes no message; reading then says why.
    private static async Task WriteAsync(IClientStreamWriter<byte[]> requests)
    {
        try
        {
            await requests.WriteAsync([]);
            await requests.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
        }
    }
}
