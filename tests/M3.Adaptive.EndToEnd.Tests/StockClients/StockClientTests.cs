using System.Text.Json;
using M3.Adaptive.Contracts;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;

namespace M3.Adaptive.EndToEnd.Tests.StockClients;

/// <summary>What a client that knows nothing of .NET gets from the service, over the protocol and the committed contract alone.</summary>
public abstract class StockClientTests(RunningService service)
{
    private const int LongAnswer = 1000;

    [Fact]
    public async Task Ask_Picture_GetsAnAnswerAndTheModelsVersion()
    {
        var outcome = (await CallAsync(new StockCall(service.Picture)))[0];

        Assert.Equal("OK", outcome.Code);
        Assert.Equal([144], outcome.Scales);
        Assert.Equal(144, outcome.Charged);
        Assert.Contains(Trailers.ModelVersion, outcome.Trailers);
    }

    [Fact]
    public async Task Ask_Gzipped_GetsTheSameAnswer()
    {
        var outcomes = await CallAsync(new StockCall(service.Picture), new StockCall(service.Picture) { Gzip = true });

        Assert.Equal(["OK", "OK"], outcomes.Select(outcome => outcome.Code));
        Assert.Equal(outcomes[0].Text, outcomes[1].Text);
    }

    [Fact]
    public async Task Ask_TextFile_IsInvalidArgumentWithDetails()
    {
        var outcome = await RefusalOf(new StockCall(service.TextFile));

        Assert.Equal("INVALID_ARGUMENT", outcome.Code);
        Assert.StartsWith("image.data:", outcome.Details, StringComparison.Ordinal);
        Assert.Contains("grpc-status-details-bin", outcome.Trailers);
    }

    [Fact]
    public async Task Ask_ByNoMessage_IsInvalidArgument()
    {
        var outcome = await RefusalOf(new StockCall(service.TextFile) { Raw = true });

        Assert.Equal("INVALID_ARGUMENT", outcome.Code);
        Assert.DoesNotContain("image.data", outcome.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_PictureAboveTheLimit_IsResourceExhausted()
    {
        var outcome = await RefusalOf(new StockCall(service.LargeFile));

        Assert.Equal("RESOURCE_EXHAUSTED", outcome.Code);
    }

    [Fact]
    public async Task Ask_WithinOneMillisecond_IsDeadlineExceededAndTheServiceLivesOn() =>
        await AssertEndedByTheClientAsync("DEADLINE_EXCEEDED", new StockCall(service.Picture) { Deadline = 1 });

    [Fact]
    public async Task Ask_CancelledWhileItRuns_IsCancelledAndTheServiceLivesOn() =>
        await AssertEndedByTheClientAsync("CANCELLED", new StockCall(service.Picture) { NewTokens = LongAnswer, CancelAfter = 10 });

    /// <summary>Makes the calls one after the other and returns their outcomes as the client's script prints them.</summary>
    private protected abstract Task<Finished> RunAsync(string calls);

    /// <summary>The service's address as gRPC libraries write it.</summary>
    protected string Target => service.Process.Address.Authority;

    // The refusal comes from the service, so it says which model serves; and the service answers what comes after it.
    private async Task<StockOutcome> RefusalOf(StockCall call)
    {
        var outcomes = await CallAsync(call, new StockCall(service.Picture));

        Assert.Contains(Trailers.ModelVersion, outcomes[0].Trailers);
        Assert.Equal("OK", outcomes[1].Code);
        return outcomes[0];
    }

    private async Task AssertEndedByTheClientAsync(string code, StockCall call)
    {
        var outcomes = await CallAsync(call, new StockCall(service.Picture));

        Assert.Equal([code, "OK"], outcomes.Select(outcome => outcome.Code));
    }

    private protected async Task<IReadOnlyList<StockOutcome>> CallAsync(params StockCall[] calls)
    {
        var ended = await RunAsync(JsonSerializer.Serialize(calls, JsonSerializerOptions.Web));
        Assert.True(ended.ExitCode == 0, ended.Error);
        return JsonSerializer.Deserialize<IReadOnlyList<StockOutcome>>(ended.Output, JsonSerializerOptions.Web) ?? [];
    }
}
