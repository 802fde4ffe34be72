using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>Many requests in one call.</summary>
[Collection(ServiceCollection.Name)]
public sealed class BatchTests(RunningService service)
{
    private readonly AdaptiveService.AdaptiveServiceClient _client = service.Process.Client;

    [Fact]
    public async Task GenerateBatch_ManyRequests_AnswersEachAsGenerateDoes()
    {
        var whole = await _client.GenerateAsync(Request("", 6)).ResponseAsync.Soon();
        List<string> ids = [.. Enumerable.Range(0, 40).Select(_ => Guid.NewGuid().ToString())];

        var answers = await AskAsync([.. ids.Select(id => Request(id, 6))]);

        Assert.Equal(ids.Order(), answers.Select(answer => answer.RequestId).Order());
        Assert.All(answers, answer => Assert.Equal((whole.Text, 36L), (answer.Answer.Text, answer.Answer.Charged.VisualTokens)));
    }

    [Fact]
    public async Task GenerateBatch_ShortBehindLong_ComesFirst()
    {
        var answers = await AskAsync(Request("long", 600), Request("short", 1));

        Assert.Equal(["short", "long"], answers.Select(answer => answer.RequestId));
    }

    [Fact]
    public async Task GenerateBatch_OneIsWrong_EndsThatOneAlone()
    {
        var wrong = Request(Guid.NewGuid().ToString(), 4);
        wrong.Question = "";

        var answers = await AskAsync(Request(Guid.NewGuid().ToString(), 4), wrong, Request(Guid.NewGuid().ToString(), 4));

        var refused = Assert.Single(answers, answer => answer.Error is not null);
        Assert.Equal((wrong.RequestId, (int)StatusCode.InvalidArgument), (refused.RequestId, refused.Error.Code));
        Assert.Equal("INVALID_REQUEST", refused.Error.GetDetail<ErrorInfo>()?.Reason);
        Assert.Equal("question", Assert.Single(refused.Error.GetDetail<BadRequest>()?.FieldViolations ?? []).Field);
        Assert.Equal(2, answers.Count(answer => answer.Answer is not null));
    }

    [Fact]
    public async Task GenerateBatch_RequestWithoutId_EndsTheCall()
    {
        var request = Request("x", 4);
        request.ClearRequestId();

        var refused = await Assert.ThrowsAsync<RpcException>(() => AskAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task Generate_IdOfABatchWithOtherContent_AlreadyExists()
    {
        var id = Guid.NewGuid().ToString();
        await AskAsync(Request(id, 4));

        var refused = await Assert.ThrowsAsync<RpcException>(() => _client.GenerateAsync(Request(id, 5)).ResponseAsync.Soon());

        Assert.Equal(StatusCode.AlreadyExists, refused.StatusCode);
        Assert.Equal(id, refused.GetRpcStatus()?.GetDetail<ResourceInfo>()?.ResourceName);
    }

    private GenerateRequest Request(string id, int newTokens) => new()
    {
        RequestId = id.Length > 0 ? id : Guid.NewGuid().ToString(),
        Image = new Image { Data = ByteString.CopyFrom(service.PictureBytes) },
        Question = "what is it",
        Routing = new RoutingOptions { Fixed = new FixedPolicy { Scale = 36 } },
        Decoding = new DecodingOptions { MaxNewTokens = newTokens },
    };

    private async Task<List<GenerateBatchResponse>> AskAsync(params GenerateRequest[] requests)
    {
        using var call = _client.GenerateBatch();
        foreach (var request in requests) await call.RequestStream.WriteAsync(request).Soon();
        await call.RequestStream.CompleteAsync().Soon();
        List<GenerateBatchResponse> answers = [];
        while (await call.ResponseStream.MoveNext(CancellationToken.None).Soon()) answers.Add(call.ResponseStream.Current);
        return answers;
    }
}
