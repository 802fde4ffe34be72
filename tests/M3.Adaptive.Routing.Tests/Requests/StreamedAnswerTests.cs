using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Tests.Doubles;
using M3.Adaptive.Routing.Wishes;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Requests;

/// <summary>Answers whose text is sent as it comes.</summary>
public sealed class StreamedAnswerTests : IDisposable
{
    private readonly RoutingBench _bench = new();
    private readonly HeardText _text = new();

    public void Dispose()
    {
        Assert.Equal(0, _bench.Generator.Held);
        Assert.Equal(0, _bench.Generator.Running);
        _bench.Dispose();
    }

    [Fact]
    public async Task Send_WithASink_SendsEachTextBeforeTheNextTokenIsMade()
    {
        var made = 0;
        _bench.Generator.OnToken = _ => made++;
        List<int> madeWhenHeard = [];
        _text.OnWrite = _ =>
        {
            madeWhenHeard.Add(made);
            return Task.CompletedTask;
        };
        _bench.Generator.OnAnswer = _ => ["a", "", " b", " c"];

        var reply = await _bench.SendAsync(Ask(new PolicyWish.Fixed(9)));

        Assert.Equal(["a", " b", " c"], _text.Parts);
        Assert.Equal([1, 3, 4], madeWhenHeard);
        Assert.Equal(("a b c", 4), (reply.Text, reply.NewTokens));
        Assert.Equal(new Cost(9, Costs.Of(VisualScale.Of(9), 4).Flops, 0.013), reply.Charged with { Seconds = Math.Round(reply.Charged.Seconds, 9) });
    }

    [Fact]
    public async Task Send_FirstTokenUnsure_EscalatesBeforeAnyTextIsSent()
    {
        ExpectLittleOfNine();
        _bench.Generator.OnAnswer = request => request.Scale.Tokens == 9 ? ["wr", "ong"] : ["ri", "ght"];

        var reply = await _bench.SendAsync(Ask(new PolicyWish.Quality(0.05)));

        Assert.Equal(["ri", "ght"], _text.Parts);
        Assert.Equal([(9, StepReason.Quality), (576, StepReason.Value)], reply.Path.Select(step => (step.Scale.Tokens, step.Reason)));
        Assert.Equal(Costs.Of(VisualScale.Of(9), 1), reply.Path[0].Charged);  // its first token, and no more
        Assert.Equal((585L, "right"), (reply.Charged.VisualTokens, reply.Text));
        Assert.Equal(reply.Charged, Assert.Single(_bench.Log.Decisions).Charged);
    }

    [Fact]
    public async Task Send_Watched_TellsTheFirstScaleAndEachEscalationAsItIsDecided()
    {
        ExpectLittleOfNine();
        _bench.Generator.OnAnswer = request => request.Scale.Tokens == 9 ? ["wr", "ong"] : ["ri", "ght"];
        var watcher = new Watcher(() => _text.Parts.Count);

        await _bench.SendAsync(Ask(new PolicyWish.Quality(0.05)) with { Progress = watcher });

        Assert.Equal([(9, 0), (576, 0), (0, 0), (0, 2)], watcher.Told);
    }

    [Fact]
    public async Task Send_FirstTokenSureAndTheWholeAnswerNot_StaysAndSaysSo()
    {
        _bench.Predictor.OnPredict = _ => Costs.Prediction(0.1f, 0.85f, 0.1f, 0.1f, 0.9f);
        _bench.Predictor.OnJudgeTokens = tokens => tokens.Count == 1 ? 1 : 0.1f;

        var reply = await _bench.SendAsync(Ask(new PolicyWish.Quality(0.05)));

        var step = Assert.Single(reply.Path);
        Assert.Equal((9, 0.1f), (step.Scale.Tokens, step.After?.Routed));
        Assert.Equal(0.8f, step.ExpectedGain ?? 0, 1e-6f);
        Assert.Equal("a b", reply.Text);
    }

    [Fact]
    public async Task Send_EscalationFindsNoRoom_GoesOnWithTheAnswerBegun()
    {
        ExpectLittleOfNine();
        _bench.Generator.OnAnswer = request => request.Scale.Tokens == 9 ? ["fi", "rst"] : throw new OverloadedException(waiting: 64);

        var reply = await _bench.SendAsync(Ask(new PolicyWish.Quality(0.05)));

        Assert.Equal(("first", SettledReason.NoRoom, 9L), (reply.Text, reply.Settled, reply.Charged.VisualTokens));
        Assert.Equal(["fi", "rst"], _text.Parts);
        Assert.Equal(Costs.Of(VisualScale.Of(9), 2).Flops, reply.Charged.Flops);
    }

    [Fact]
    public async Task Send_BreaksAfterTextWasSent_FailsWithThePathSoFar()
    {
        _bench.Generator.OnToken = index =>
        {
            if (index == 2) throw new IOException("broken");
        };
        _bench.Generator.OnAnswer = _ => ["a", " b", " c"];

        var broken = await Assert.ThrowsAsync<RouteInterruptedException>(() => _bench.SendAsync(Ask(new PolicyWish.Fixed(9))));

        Assert.IsType<IOException>(broken.Cause);
        Assert.Equal(["a", " b"], _text.Parts);
        var step = Assert.Single(broken.Route.Path);
        Assert.Equal((9, broken.Route.Charged), (step.Scale.Tokens, step.Charged));
        Assert.Equal(Costs.Of(VisualScale.Of(9), 2).Flops, broken.Route.Charged.Flops);
        Assert.Empty(_bench.Log.Decisions);
    }

    [Fact]
    public async Task Send_DecisionCannotBeKept_FailsWithTheWholePath()
    {
        _bench.Log.OnAppend = _ => throw new StoreUnavailableException("full");

        var broken = await Assert.ThrowsAsync<RouteInterruptedException>(() => _bench.SendAsync(Ask(new PolicyWish.Fixed(9))));

        Assert.IsType<StoreUnavailableException>(broken.Cause);
        Assert.Equal(Costs.Of(VisualScale.Of(9), 2).Flops, broken.Route.Charged.Flops);
    }

    [Fact]
    public async Task Send_CancelledBetweenTexts_StopsAndLogsNothing()
    {
        using var source = new CancellationTokenSource();
        _text.OnWrite = _ => source.CancelAsync();
        _bench.Generator.OnAnswer = _ => ["a", " b", " c"];

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.SendAsync(Ask(), source.Token));

        Assert.Equal(["a"], _text.Parts);
        Assert.Empty(_bench.Log.Decisions);
    }

    private GenerateQuery Ask(PolicyWish? policy = null) => RoutingBench.Ask(policy) with { Sink = _text };

    private void ExpectLittleOfNine()
    {
        _bench.Predictor.OnPredict = _ => Costs.Prediction(0.1f, 0.85f, 0.1f, 0.1f, 0.9f);
        _bench.Predictor.OnJudge = scale => scale.Tokens == 9 ? 0.1f : 0.9f;
    }

    // What was to run next, 0 for nothing, and how many texts had been sent by then.
    private sealed class Watcher(Func<int> sent) : IProgress<Episode>
    {
        public List<(int Next, int Sent)> Told { get; } = [];

        public void Report(Episode value) => Told.Add((value.Next?.Tokens ?? 0, sent()));
    }
}
