using System.Text;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>Answers whose text is sent as it comes.</summary>
[Collection(ServiceCollection.Name)]
public sealed class StreamTests(RunningService service)
{
    private readonly AdaptiveService.AdaptiveServiceClient _client = service.Process.Client;

    [Fact]
    public async Task GenerateStream_Picture_SendsTheTextOfGenerateInWholeCharactersAndEndsWithTheRoute()
    {
        var request = Request(40);
        var whole = await _client.GenerateAsync(request).ResponseAsync.Soon();

        var parts = await ReadAsync(_client.GenerateStream(request));

        var texts = parts.SkipLast(1).Select(part => part.Text).ToList();
        Assert.True(texts.Count > 1, $"{texts.Count} parts");
        Assert.All(texts, text => Assert.True(text.Length > 0 && text == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))));
        Assert.Equal(whole.Text, string.Concat(texts));
        var end = parts[^1].End;
        Assert.Equal((whole.Text, whole.NewTokens, whole.Charged.VisualTokens), (end.Text, end.NewTokens, end.Charged.VisualTokens));
        Assert.Equal(whole.Charged.Flops, end.Charged.Flops);
        Assert.Equal(36, Assert.Single(end.Path).Scale);
        Assert.True(Guid.TryParse(end.Decision.DecisionId, out _));
        Assert.Contains(end.Decision.DecisionId, await service.Process.DecisionsAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task GenerateStream_BadRequest_IsRefusedBeforeAnyText()
    {
        var request = Request(8);
        request.Question = "";

        var refused = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(_client.GenerateStream(request)));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("INVALID_REQUEST", refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason);
    }

    [Fact]
    public async Task GenerateStream_CancelledAfterTheFirstText_StopsAndTheServiceLivesOn()
    {
        using (var call = _client.GenerateStream(Request(600)))
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).Soon());
            Assert.NotEmpty(call.ResponseStream.Current.Text);
        }

        Assert.Equal(4, (await _client.GenerateAsync(Request(4)).ResponseAsync.Soon()).NewTokens);
    }

    [Fact]
    public async Task GenerateStream_RetriedByItsId_GetsTheSameAnswerFromMemory()
    {
        var request = Request(20);
        request.RequestId = Guid.NewGuid().ToString();

        var first = await ReadAsync(_client.GenerateStream(request));
        var second = await ReadAsync(_client.GenerateStream(request));

        Assert.Equal((false, true), (first[^1].End.Replayed, second[^1].End.Replayed));
        Assert.Equal([first[^1].End.Text], second.SkipLast(1).Select(part => part.Text));
        Assert.Equal(first[^1].End.Decision, second[^1].End.Decision);
    }

    private GenerateRequest Request(int newTokens) => new()
    {
        Image = new Image { Data = ByteString.CopyFrom(service.PictureBytes) },
        Question = "what is it",
        Routing = new RoutingOptions { Fixed = new FixedPolicy { Scale = 36 } },
        Decoding = new DecodingOptions { MaxNewTokens = newTokens },
    };

    private static async Task<List<GenerateStreamResponse>> ReadAsync(AsyncServerStreamingCall<GenerateStreamResponse> call)
    {
        using (call)
        {
            List<GenerateStreamResponse> parts = [];
            while (await call.ResponseStream.MoveNext(CancellationToken.None).Soon()) parts.Add(call.ResponseStream.Current);
            return parts;
        }
    }
}
