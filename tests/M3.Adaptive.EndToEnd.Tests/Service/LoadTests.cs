using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

[Collection(ServiceCollection.Name)]
public sealed class LoadTests(RunningService service)
{
    private const int Calls = 1_000;

    [Fact]
    public async Task Generate_ThousandCallsAtOnce_EachIsAnsweredOrToldWhenToRetry()
    {
        var client = service.Process.Client;
        var request = new GenerateRequest
        {
            Image = new Image { Data = ByteString.CopyFrom(service.PictureBytes) },
            Question = "what is it",
            Routing = new RoutingOptions { Fixed = new FixedPolicy { Scale = 1 } },
            Decoding = new DecodingOptions { MaxNewTokens = 1 },
        };

        var answered = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => IsAnsweredAsync(client, request))).Soon();

        Assert.Contains(true, answered);
        Assert.True(await IsAnsweredAsync(client, request).Soon());
    }

    private static async Task<bool> IsAnsweredAsync(AdaptiveService.AdaptiveServiceClient client, GenerateRequest request)
    {
        try
        {
            await client.GenerateAsync(request);
            return true;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.ResourceExhausted)
        {
            Assert.NotNull(refused.GetRpcStatus()?.GetDetail<RetryInfo>());
            return false;
        }
    }
}
