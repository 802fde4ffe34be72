using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Tests.Doubles;
using M3.Adaptive.Routing.Wishes;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Requests;

public sealed class GenerateHandlerTests : IDisposable
{
    private readonly RoutingBench _bench = new();

    public void Dispose()
    {
        Assert.Equal(0, _bench.Generator.Held);                               // no test may leave an image behind
        _bench.Dispose();
    }

    [Fact]
    public async Task Send_FixedScale_AnswersOnceAndCountsIt()
    {
        var reply = await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(36)));

        Assert.Equal("a b", reply.Text);
        Assert.Equal((FinishReason.EndOfSequence, 2, -0.5), (reply.Finish, reply.NewTokens, reply.LogProbability));
        var step = Assert.Single(reply.Path);
        Assert.Equal((36, StepReason.Fixed, 0.6f, 1f), (step.Scale.Tokens, step.Reason, step.Before?.Routed, step.After?.Routed));
        Assert.Equal((36L, 38_000.0), (reply.Charged.VisualTokens, reply.Charged.Flops));
        Assert.Equal(Costs.Of(VisualScale.Finest, 2), reply.AlwaysFinest);
        Assert.Equal((TimeSpan.FromMilliseconds(7), 5e6), (reply.Times.Encode, reply.EncodeFlops));
        Assert.Equal(ImageHash.Of(RoutingBench.Image), reply.Image);
        Assert.Equal(SettledReason.EscalationOff, reply.Settled);
    }

    [Fact]
    public async Task Send_GoingOnIsWorthMore_EscalatesAndChargesBoth()
    {
        _bench.Predictor.OnPredict = _ => Costs.Prediction(0.1f, 0.85f, 0.1f, 0.1f, 0.9f);
        _bench.Predictor.OnJudge = scale => scale.Tokens == 9 ? 0.1f : 0.9f;
        _bench.Generator.OnAnswer = request => [request.Scale.Tokens == 9 ? "wrong" : "right"];

        var reply = await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Quality(0.05)));

        Assert.Equal("right", reply.Text);
        Assert.Equal([(9, StepReason.Quality), (576, StepReason.Value)], reply.Path.Select(step => (step.Scale.Tokens, step.Reason)));
        Assert.Equal((585L, SettledReason.Finest), (reply.Charged.VisualTokens, reply.Settled));
        Assert.Contains(_bench.Logged, line => line.Message.StartsWith("Escalated from 9 to 576", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_GoingOnIsWorthMoreButCapped_ReturnsWhatItHas()
    {
        _bench.Predictor.OnJudge = _ => 0.1f;

        var reply = await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Quality(0.3), tokens: 584));

        Assert.Equal((144, SettledReason.Cap), (reply.Path[0].Scale.Tokens, (await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Quality(0.3), tokens: 100))).Settled));
        Assert.True(reply.Charged.VisualTokens <= 584);
    }

    public static TheoryData<Exception> NoRoom => [new ContextLengthException(needed: 700, available: 600), new OverloadedException(waiting: 64), TooLargeException.OfAnswer(2, 1)];

    [Theory]
    [MemberData(nameof(NoRoom))]
    public async Task Send_EscalationFindsNoRoom_ReturnsTheAnswerInHand(Exception exception)
    {
        _bench.Predictor.OnPredict = _ => Costs.Prediction(0.1f, 0.85f, 0.1f, 0.1f, 0.9f);
        _bench.Predictor.OnJudge = _ => 0.1f;
        _bench.Generator.OnAnswer = request => request.Scale.Tokens == 9 ? ["first"] : throw exception;

        var reply = await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Quality(0.05)));

        Assert.Equal(("first", SettledReason.NoRoom, 9L), (reply.Text, reply.Settled, reply.Charged.VisualTokens));
        Assert.Single(_bench.Log.Decisions);
    }

    [Fact]
    public async Task Send_FirstRunFindsNoRoom_FailsWithThatFault()
    {
        _bench.Generator.OnAnswer = _ => throw new OverloadedException(waiting: 64);

        var broken = await Assert.ThrowsAsync<RouteInterruptedException>(() => _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(36))));

        Assert.IsType<OverloadedException>(broken.Cause);
        Assert.Equal((36, StepReason.Fixed, Cost.Zero), (broken.Route.Decision.Scale.Tokens, broken.Route.Decision.Reason, broken.Route.Charged));
        Assert.Empty(broken.Route.Path);
    }

    [Fact]
    public async Task Send_EscalationBreaks_FailsWithThePathSoFar()
    {
        _bench.Predictor.OnPredict = _ => Costs.Prediction(0.1f, 0.85f, 0.1f, 0.1f, 0.9f);
        _bench.Predictor.OnJudge = _ => 0.1f;
        _bench.Generator.OnAnswer = request => request.Scale.Tokens == 9 ? ["first"] : throw new IOException("broken");

        var broken = await Assert.ThrowsAsync<RouteInterruptedException>(() => _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Quality(0.05))));

        Assert.IsType<IOException>(broken.Cause);
        var step = Assert.Single(broken.Route.Path);
        Assert.Equal((9, 0.1f, broken.Route.Charged), (step.Scale.Tokens, step.After?.Routed, step.Charged));
    }

    [Fact]
    public async Task Send_EveryAnswer_IsLoggedBeforeTheReply()
    {
        var written = new TaskCompletionSource();
        _bench.Log.OnAppend = _ => written.Task;

        var reply = _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Quality(0), id: "r1"));

        Assert.False(reply.IsCompleted);
        written.SetResult();
        var decision = (await reply).Decision;
        var logged = Assert.Single(_bench.Log.Decisions);
        Assert.Equal((decision.Id, "r1", "predictor-1", "fake@0123456789ab"), (logged.DecisionId, logged.RequestId, logged.PredictorVersion, logged.ModelVersion));
        Assert.Equal([1f, 2f, 3f], logged.Features);
        Assert.Equal(5, logged.Success.Length);
        Assert.Equal((await reply).Charged, logged.Charged);
        Assert.Equal(_bench.Clock.GetUtcNow(), logged.At);
        Assert.Equal(1.0, logged.Propensity);
    }

    [Fact]
    public async Task Send_UnfamiliarRequest_RepliesTheCorrectedAndRoutesOnTheUncorrected()
    {
        (_bench.Predictor.Correction, _bench.Predictor.Unfamiliar) = (0.15f, true);

        var reply = await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Economy(0.0005)));
        var usual = _bench.Predictor.OnPredict("")!;

        var step = Assert.Single(reply.Path);
        Assert.True(step.Unfamiliar);
        Assert.Equal((usual.At(step.Scale), usual.At(step.Scale) - 0.15f), (step.Before!.Value.Routed, step.Before.Value.Reported));
        Assert.Equal(new Likelihood(1, 0.85f), step.After);
        var logged = Assert.Single(_bench.Log.Decisions);
        Assert.Equal(usual.Success, logged.Success);
        Assert.Equal(1f, logged.Path[0].Confidence);
    }

    [Theory]
    [InlineData(0.01, 0.01)]
    [InlineData(0.03, 0.01)]
    [InlineData(0.5, 0.05)]
    public async Task Send_Quality_KeepsToTheNextStricterGuarantee(double risk, double guaranteed) =>
        Assert.Equal(guaranteed, (await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Quality(risk)))).Decision.GuaranteedRisk);

    [Fact]
    public async Task Send_QualityWhileTrafficHasDrifted_PromisesNothing()
    {
        _bench.Roster.OnTurn = (_, _) => new PredictorTurn(_bench.Predictor) { IsGuaranteed = false };

        var reply = await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Quality(0.05)));

        Assert.Null(reply.Decision.GuaranteedRisk);
        Assert.Equal(StepReason.Quality, reply.Path[0].Reason);
    }

    [Fact]
    public async Task Send_RiskBelowEveryGuarantee_UsesTheFinestScaleAndSaysWhy()
    {
        var reply = await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Quality(0.004)));

        Assert.Equal((576, StepReason.NoGuarantee), (reply.Path[0].Scale.Tokens, reply.Path[0].Reason));
        Assert.Null(reply.Decision.GuaranteedRisk);
    }

    [Fact]
    public async Task Send_Settled_StatesWhatElseCouldHaveBeenDone()
    {
        var reply = await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Economy(0.0005)));

        Assert.Equal(SettledReason.NoExpectedGain, reply.Settled);
        Assert.Null(reply.Declined[0].Scale);
        Assert.Equal(1, reply.Declined.Max(option => option.Value));
    }

    [Fact]
    public async Task Send_FlopCapBelowEverything_IsRefusedWithTheSmallestCost()
    {
        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.SendAsync(RoutingBench.Ask(flops: 1000)));

        var fault = Assert.Single(refusal.Faults);
        Assert.Equal("routing.caps.flops", fault.Field);
        Assert.Contains("smallest possible cost of 65000 (scale 1)", fault.Problem);
    }

    [Theory]
    [InlineData(null, 9)]
    [InlineData(0.0, 9)]
    public async Task Send_LongQuestion_IsAnsweredAtAScaleThatFits(double? risk, int scale)
    {
        _bench.Generator.ContextRoom = new ContextRoom(1000, 1024);
        _bench.Predictor.OnJudge = _ => 0.1f;

        var reply = await _bench.SendAsync(RoutingBench.Ask(risk is null ? null : new PolicyWish.Quality(risk)));

        Assert.Equal((scale, SettledReason.NoRoom), (Assert.Single(reply.Path).Scale.Tokens, reply.Settled));
    }

    [Theory]
    [InlineData(144, 1000, "needs 1145 positions and the model has 1024: shorten the question or lower the scale.")]
    [InlineData(1, 1023, "needs 1025 positions and the model has 1024: shorten the question.")]
    public async Task Send_LongQuestionAtAFixedScale_IsRefusedWithTheRemedy(int scale, int text, string expected)
    {
        _bench.Generator.ContextRoom = new ContextRoom(text, 1024);

        var refusal = await Assert.ThrowsAsync<ContextLengthException>(() => _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(scale))));

        Assert.EndsWith(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Generator.Ran);
    }

    [Fact]
    public async Task Send_ScaleThatTheModelWasNotTrainedFor_IsRefusedByName()
    {
        _bench.Generator.Ladder = [VisualScale.Finest];

        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(9))));

        Assert.Equal("routing.fixed.scale: is 9; this model was trained for 576 visual tokens", refusal.Message);
        Assert.Equal(576, (await _bench.SendAsync(RoutingBench.Ask())).Path[0].Scale.Tokens);
    }

    [Fact]
    public async Task Send_InvalidRequest_DoesNoWork()
    {
        await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(7))));

        Assert.Empty(_bench.Generator.Ran);
        Assert.Empty(_bench.Log.Decisions);
    }

    [Fact]
    public async Task Send_HashOfACachedImage_NeedsNoBytes()
    {
        var hash = ImageHash.Of(RoutingBench.Image);
        _bench.Generator.Cached.Add(hash);
        await _bench.SendAsync(RoutingBench.Ask());

        var reply = await _bench.SendAsync(RoutingBench.Ask() with { Image = new ImageSource.Cached(hash) });

        Assert.Equal((hash, TimeSpan.Zero), (reply.Image, reply.Times.Encode));
    }

    [Fact]
    public async Task Send_HashOfAnotherTenantsImage_AsksForItsBytes()
    {
        var hash = ImageHash.Of(RoutingBench.Image);
        _bench.Generator.Cached.Add(hash);
        await _bench.SendAsync(RoutingBench.Ask() with { Caller = new Caller("acme", KeyRole.Client, "a1") });
        var byHash = RoutingBench.Ask() with { Image = new ImageSource.Cached(hash) };

        await Assert.ThrowsAsync<ImageNotCachedException>(() => _bench.SendAsync(byHash));
        var ofAnotherKey = await _bench.SendAsync(byHash with { Caller = new Caller("acme", KeyRole.Client, "a2") });

        Assert.Equal(hash, ofAnotherKey.Image);
    }

    [Fact]
    public async Task Send_TwoTenants_AreWrittenDownAsTheirOwn()
    {
        await _bench.SendAsync(RoutingBench.Ask());
        await _bench.SendAsync(RoutingBench.Ask() with { Caller = new Caller("acme", KeyRole.Client, "a1") });

        Assert.Equal(["default", "acme"], _bench.Log.Decisions.Select(decision => decision.Tenant));
    }

    [Fact]
    public async Task Send_HashOfAForgottenImage_AsksForItsBytes()
    {
        var hash = ImageHash.Of(RoutingBench.Image);

        var exception = await Assert.ThrowsAsync<ImageNotCachedException>(
            () => _bench.SendAsync(RoutingBench.Ask() with { Image = new ImageSource.Cached(hash) }));

        Assert.Equal(hash, exception.Hash);
    }

    [Fact]
    public async Task Send_BadImage_PassesTheFaultOn()
    {
        _bench.Generator.OnEncode = _ => throw new InvalidImageException("no image");

        await Assert.ThrowsAsync<InvalidImageException>(() => _bench.SendAsync(RoutingBench.Ask()));
    }

    [Fact]
    public async Task Send_CancelledWhileGenerating_StopsAndLogsNothing()
    {
        using var source = new CancellationTokenSource();
        var running = new TaskCompletionSource();
        _bench.Generator.OnRun = (_, cancellation) =>
        {
            running.SetResult();
            return Task.Delay(Timeout.Infinite, cancellation);
        };

        var reply = _bench.SendAsync(RoutingBench.Ask(), source.Token);
        await running.Task;
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reply);
        Assert.Empty(_bench.Log.Decisions);
    }

    [Fact]
    public async Task Send_TwoSteps_TimesAreThoseCharged()
    {
        _bench.Predictor.OnPredict = _ => Costs.Prediction(0.1f, 0.85f, 0.1f, 0.1f, 0.9f);
        _bench.Predictor.OnJudge = _ => 0.1f;

        var reply = await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Quality(0.05)));

        Assert.Equal(585 + 4, reply.Charged.Seconds * 1000, 9);               // 9 + 1 and 576 + 1 until the first tokens, then one each
        Assert.Equal((587.0, 2.0), (Math.Round(reply.Times.Prefill.TotalMilliseconds, 2), Math.Round(reply.Times.Decode.TotalMilliseconds, 2)));
        Assert.True(reply.Times.Prefill.TotalSeconds + reply.Times.Decode.TotalSeconds <= reply.Charged.Seconds);
    }

    [Fact]
    public async Task Send_TheGeneratorKeepsItWaiting_WaitingIsInNoPhase()
    {
        _bench.Generator.OnRun = (_, _) =>
        {
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(30));
            return Task.CompletedTask;
        };

        var reply = await _bench.SendAsync(RoutingBench.Ask(new PolicyWish.Fixed(1)));

        Assert.Equal(TimeSpan.FromMilliseconds(7), reply.Times.Encode);
        Assert.Equal((2.0, 1.0), (Math.Round(reply.Times.Prefill.TotalMilliseconds, 2), Math.Round(reply.Times.Decode.TotalMilliseconds, 2)));
    }

    [Fact]
    public async Task Send_DeadlineTooNearForAFinerScale_ReturnsWhatItHas()
    {
        _bench.Predictor.OnJudge = _ => 0.1f;

        var reply = await _bench.SendAsync(RoutingBench.Ask() with { Deadline = _bench.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(80) });

        Assert.Equal(SettledReason.Deadline, reply.Settled);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(9.95, true)]
    public async Task Send_ModelHasWorkBefore_ItsTimeIsTakenOffTheDeadline(double backlog, bool tooNear)
    {
        _bench.Predictor.OnJudge = _ => 0.1f;
        _bench.Generator.Backlog = TimeSpan.FromSeconds(backlog);

        var reply = await _bench.SendAsync(RoutingBench.Ask() with { Deadline = _bench.Clock.GetUtcNow() + TimeSpan.FromSeconds(10) });

        Assert.Equal(tooNear, reply.Settled == SettledReason.Deadline);
    }
}
