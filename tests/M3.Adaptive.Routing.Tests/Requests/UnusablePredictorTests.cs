using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Tests.Doubles;
using Microsoft.Extensions.Logging;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Requests;

/// <summary>A missing or broken predictor costs no answer.</summary>
public sealed class UnusablePredictorTests : IDisposable
{
    private readonly RoutingBench _bench = new();

    public void Dispose()
    {
        Assert.Equal(0, _bench.Generator.Held);                               // no test may leave an image behind
        _bench.Dispose();
    }

    [Fact]
    public async Task Send_NoPredictor_AnswersAtTheSafeScaleAndSaysSo()
    {
        _bench.Predictor.OnPredict = _ => null;

        var reply = await _bench.SendAsync(RoutingBench.Ask());

        Assert.Equal((144, StepReason.SafeScale), (reply.Path[0].Scale.Tokens, reply.Path[0].Reason));
        Assert.Null(reply.Path[0].Before);
        Assert.Null(reply.Decision.PredictorVersion);
        Assert.Empty(_bench.Log.Decisions[0].Success);
    }

    [Fact]
    public async Task Send_PredictorThrows_AnswersAtTheSafeScaleAndLogsAnError()
    {
        _bench.ExpectsErrors = true;
        _bench.Predictor.OnPredict = _ => throw new InvalidOperationException("broken");

        var reply = await _bench.SendAsync(RoutingBench.Ask());

        Assert.Equal(StepReason.SafeScale, reply.Path[0].Reason);
        Assert.Contains(_bench.Logged, line => line.Level == LogLevel.Error && line.Message.Contains("predictor-1"));
    }

    [Theory]
    [InlineData(new[] { 0.1f, 0.2f, float.NaN, 0.4f, 0.5f })]
    [InlineData(new[] { 0.1f, 0.2f, 0.3f, 0.4f, 1.5f })]
    [InlineData(new[] { 0.1f, 0.2f })]
    public async Task Send_PredictorGivesNoProbabilities_AnswersAtTheSafeScale(float[] success)
    {
        _bench.ExpectsErrors = true;
        _bench.Predictor.OnPredict = _ => Costs.Prediction(success);

        var reply = await _bench.SendAsync(RoutingBench.Ask());

        Assert.Equal(StepReason.SafeScale, reply.Path[0].Reason);
        Assert.Contains(_bench.Logged, line => line.Level == LogLevel.Error);
    }

    [Fact]
    public async Task Send_PredictorGivesNoProbabilitiesAfterARun_GivesTheFirstAnswerAndLogsAnError()
    {
        _bench.ExpectsErrors = true;
        _bench.Predictor.OnJudge = _ => float.NaN;

        var reply = await _bench.SendAsync(RoutingBench.Ask());

        Assert.Null(Assert.Single(reply.Path).After);
        Assert.Equal(SettledReason.NoConfidence, reply.Settled);
        Assert.Contains(_bench.Logged, line => line.Level == LogLevel.Error && line.Message.Contains("unjudged"));
    }

    [Fact]
    public async Task Send_PredictorThrowsAfterARun_GivesTheFirstAnswerAndLogsAnError()
    {
        _bench.ExpectsErrors = true;
        _bench.Predictor.OnJudge = _ => throw new InvalidOperationException("broken");

        var reply = await _bench.SendAsync(RoutingBench.Ask());

        Assert.Equal(("a b", SettledReason.NoConfidence), (reply.Text, reply.Settled));
        Assert.Contains(_bench.Logged, line => line.Level == LogLevel.Error && line.Exception?.Message == "broken");
        Assert.Single(_bench.Log.Decisions);
    }
}
