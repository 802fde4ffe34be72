using System.Reflection;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Calls;
using M3.Adaptive.TestKit.Serving.Checkpoints;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>Whatever a method of ours refuses, programs are told why: google.rpc details, with a reason of this product's.</summary>
public sealed class RefusalTests : IDisposable
{
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
            var (withoutKey, empty) = (await EmptyCall.RefusalAsync(calls, method, []), await EmptyCall.RefusalAsync(calls, method, admin));

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
        select EmptyCall.Of(kind, method.Service.FullName, method.Name);
}
