using System.Reflection;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>Whatever a method of ours refuses, programs are told why: google.rpc details, with a reason of this product's.</summary>
public sealed class RefusalTests : IDisposable
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task EveryMethod_EmptyMessageOrNoKey_IsRefusedWithItsReason()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        var admin = await service.AdminAsync();
        var calls = service.Channel.CreateCallInvoker();
        var refused = new List<string>();

        foreach (var method in Methods())
        {
            var (withoutKey, empty) = (await RefusalAsync(calls, method, []), await RefusalAsync(calls, method, admin));

            Assert.Equal(StatusCode.Unauthenticated, withoutKey?.StatusCode);
            Assert.All(new[] { withoutKey, empty }.OfType<RpcException>(), refusal =>
                Assert.True(refusal.GetRpcStatus()?.GetDetail<ErrorInfo>() is { Reason.Length: > 0 }, $"{method.FullName}: {refusal.Status}"));
            if (empty is not null) refused.Add(method.Name);
        }

        Assert.Contains("Generate", refused);
        Assert.Contains("Record", refused);
        Assert.Contains("Promote", refused);
    }

    private static IEnumerable<Method<byte[], byte[]>> Methods() =>
        from type in typeof(GenerateRequest).Assembly.GetTypes()
        let property = type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)
        where property?.PropertyType == typeof(ServiceDescriptor)
        from method in ((ServiceDescriptor)property.GetValue(null)!).Methods
        let kind = (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (true, true) => MethodType.DuplexStreaming,
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            _ => MethodType.Unary,
        }
        select new Method<byte[], byte[]>(kind, method.Service.FullName, method.Name, Bytes, Bytes);

    /// <summary>What an empty message, which is one of every method, is refused with; null: it is not.</summary>
    private static async Task<RpcException?> RefusalAsync(CallInvoker calls, Method<byte[], byte[]> method, Metadata metadata)
    {
        var options = new CallOptions(metadata);
        try
        {
            switch (method.Type)
            {
                case MethodType.Unary:
                    using (var call = calls.AsyncUnaryCall(method, host: null, options, [])) await call.ResponseAsync.Soon();
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
                default:
                    throw new InvalidOperationException($"{method.FullName} streams requests alone: say here how it is called");
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
