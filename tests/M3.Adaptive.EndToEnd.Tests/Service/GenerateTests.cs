using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

[Collection(ServiceCollection.Name)]
public sealed class GenerateTests(RunningService service)
{
    private readonly AdaptiveService.AdaptiveServiceClient _client = service.Process.Client;

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(36)]
    [InlineData(144)]
    [InlineData(576)]
    public async Task Generate_FixedScale_RunsAndChargesExactlyThat(int scale)
    {
        var reply = await AskAsync(new RoutingOptions { Fixed = new FixedPolicy { Scale = scale } });

        var step = Assert.Single(reply.Path);
        Assert.Equal((scale, StepReason.Fixed), (step.Scale, step.Reason));
        Assert.Equal(scale, reply.Charged.VisualTokens);
        Assert.Equal(576, reply.AlwaysFinest.VisualTokens);
        Assert.Equal(8, reply.NewTokens);
        Assert.True(reply.Charged.Seconds >= reply.Seconds.Prefill + reply.Seconds.Decode && reply.Seconds is { Prefill: > 0, Decode: > 0 }, reply.ToString());
        Assert.Equal(SettledReason.EscalationOff, reply.SettledReason);
    }

    [Fact]
    public async Task Generate_WithoutPredictor_UsesTheSafeScaleAndSaysSo()
    {
        var reply = await AskAsync(new RoutingOptions());

        var step = Assert.Single(reply.Path);
        Assert.Equal((144, StepReason.SafeScale), (step.Scale, step.Reason));
        Assert.False(step.HasPredictedSuccess);
        Assert.False(reply.Decision.HasPredictorVersion);
    }

    [Fact]
    public async Task Generate_LongQuestion_IsAnsweredAtAScaleThatLeavesRoomForIt()
    {
        var request = Request(new Image { Data = ByteString.CopyFrom(service.PictureBytes) }, new RoutingOptions());
        request.Question = new string('7', 1900);

        var reply = await _client.GenerateAsync(request).ResponseAsync.Soon();

        Assert.True(Assert.Single(reply.Path).Scale <= 36, reply.ToString());
        request.Routing = new RoutingOptions { Fixed = new FixedPolicy { Scale = 144 } };
        Assert.Contains("shorten the question or lower the scale", (await RefusalOf(request)).Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_ModelOfOneScale_ServesThatAlone()
    {
        using var checkpoint = TinyCheckpoint.Create();
        var config = Path.Combine(checkpoint.Folder, "config.json");
        var fields = (JsonObject)(JsonNode.Parse(await File.ReadAllBytesAsync(config)) ?? new JsonObject());
        fields["matryoshka_vis_token_scale"] = new JsonArray(576);
        await File.WriteAllTextAsync(config, fields.ToJsonString());
        await using var only = await ServiceProcess.StartAsync(checkpoint.Folder);
        var request = Request(new Image { Data = ByteString.CopyFrom(service.PictureBytes) }, new RoutingOptions());

        Assert.Equal(576, Assert.Single((await only.Client.GenerateAsync(request).ResponseAsync.Soon()).Path).Scale);
        request.Routing = new RoutingOptions { Fixed = new FixedPolicy { Scale = 9 } };
        var refused = await Assert.ThrowsAsync<RpcException>(() => only.Client.GenerateAsync(request).ResponseAsync.Soon());
        Assert.Equal((StatusCode.InvalidArgument, "routing.fixed.scale: is 9; this model was trained for 576 visual tokens"), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task Generate_CapBelowTheSafeScale_StaysWithinIt()
    {
        var reply = await AskAsync(new RoutingOptions { Caps = new Caps { VisualTokens = 40 } });

        Assert.Equal(36, Assert.Single(reply.Path).Scale);
        Assert.Equal(36, reply.Charged.VisualTokens);
    }

    [Fact]
    public async Task Generate_SameQuestionTwice_GivesTheSameAnswer()
    {
        var first = await AskAsync(new RoutingOptions());
        var second = await AskAsync(new RoutingOptions());

        Assert.Equal((first.Text, first.LogProbability), (second.Text, second.LogProbability));
        Assert.NotEqual(first.Decision.DecisionId, second.Decision.DecisionId);
    }

    [Fact]
    public async Task Generate_HashOfAPictureSentBefore_NeedsNoBytes()
    {
        var first = await AskAsync(new RoutingOptions());

        var second = await _client.GenerateAsync(Request(new Image { Sha256 = first.ImageSha256 }, new RoutingOptions())).ResponseAsync.Soon();

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(0, second.Seconds.Encode);
    }

    [Fact]
    public async Task Generate_UnknownHash_TellsToSendTheBytes()
    {
        var refused = await RefusalOf(Request(new Image { Sha256 = new string('0', 64) }, new RoutingOptions()));

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Contains("send its bytes", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_ContradictoryRequest_NamesTheFields()
    {
        var routing = new RoutingOptions { Fixed = new FixedPolicy { Scale = 9 }, MinScale = 36 };

        var refused = await RefusalOf(Request(Picture, routing));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("routing.min_scale", refused.Status.Detail, StringComparison.Ordinal);
        Assert.NotNull(refused.GetRpcStatus()?.GetDetail<BadRequest>());
    }

    [Fact]
    public async Task Generate_PictureAboveTheLimit_IsRefusedAndTheServiceLivesOn()
    {
        var request = Request(new Image { Data = ByteString.CopyFrom(new byte[17 << 20]) }, new RoutingOptions());

        var refused = await RefusalOf(request);

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.NotEmpty((await AskAsync(new RoutingOptions())).Path);
    }

    [Fact]
    public async Task Generate_RetryWithTheSameRequestId_IsAnsweredFromMemory()
    {
        var request = Request(Picture, new RoutingOptions());
        request.RequestId = Guid.NewGuid().ToString();

        var first = await _client.GenerateAsync(request).ResponseAsync.Soon();
        var second = await _client.GenerateAsync(request).ResponseAsync.Soon();

        Assert.Equal((false, true), (first.Replayed, second.Replayed));
        Assert.Equal(first.Decision.DecisionId, second.Decision.DecisionId);
    }

    [Fact]
    public async Task Generate_EveryCall_SaysWhichModelServes()
    {
        using var call = _client.GenerateAsync(Request(Picture, new RoutingOptions()));
        var reply = await call.ResponseAsync.Soon();

        Assert.Equal(reply.Decision.ModelVersion, call.GetTrailers().GetValue(Trailers.ModelVersion));
        Assert.Null(call.GetTrailers().GetValue(Trailers.PredictorVersion));
    }

    [Fact]
    public async Task Route_Picture_ForecastsEveryScaleAndRunsNone()
    {
        var request = new RouteRequest { Image = Picture, Question = "what is it", Routing = new RoutingOptions { MaxScale = 36 } };

        var reply = await _client.RouteAsync(request).ResponseAsync.Soon();

        Assert.Equal([1, 9, 36, 144, 576], reply.Forecasts.Select(forecast => forecast.Scale));
        Assert.Equal([true, true, true, false, false], reply.Forecasts.Select(forecast => forecast.Eligible));
        Assert.Equal(36, reply.Scale);
    }

    private Image Picture => new() { Data = ByteString.CopyFrom(service.PictureBytes) };

    private static GenerateRequest Request(Image image, RoutingOptions routing) => new()
    {
        Image = image,
        Question = "what is it",
        Routing = routing,
        Decoding = new DecodingOptions { MaxNewTokens = 8 },
    };

    private Task<GenerateResponse> AskAsync(RoutingOptions routing) => _client.GenerateAsync(Request(Picture, routing)).ResponseAsync.Soon();

    private async Task<RpcException> RefusalOf(GenerateRequest request) =>
        await Assert.ThrowsAsync<RpcException>(() => _client.GenerateAsync(request).ResponseAsync.Soon());
}
