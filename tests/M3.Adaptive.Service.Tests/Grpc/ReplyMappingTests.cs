using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Service.Grpc;
using Wire = M3.Adaptive.Contracts.V1;

namespace M3.Adaptive.Service.Tests.Grpc;

public sealed class ReplyMappingTests
{
    private static readonly Guid Id = Guid.Parse("0190a000-0000-7000-8000-000000000001");

    private static readonly GenerateReply Reply = new()
    {
        Text = "red apple",
        Finish = FinishReason.EndOfSequence,
        Path =
        [
            new PathStep(VisualScale.Of(9), StepReason.Quality, new(0.9f, 0.5f), new(0.8f, 0.25f), new Cost(9, 1e9, 0.125))
            {
                Weighed = [new ScaleOption(VisualScale.Of(1), 0.125f, 0.0625, MeanCost.Zero), new ScaleOption(VisualScale.Of(9), 0.5f, 0.375, MeanCost.Zero)],
                ExpectedGain = 0.125f,
            },
            new PathStep(VisualScale.Of(144), StepReason.Value, null, null, new Cost(144, 3e9, 0.5)) { Unfamiliar = true },
        ],
        Settled = SettledReason.NoExpectedGain,
        Declined = [new ScaleOption(null, 0.5f, 0.5, MeanCost.Zero), new ScaleOption(VisualScale.Finest, 0.75f, 0.25, MeanCost.Zero)],
        Charged = new Cost(153, 4e9, 0.625),
        Times = new PhaseTimes(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)),
        AlwaysFinest = new Cost(576, 9e9, 1.5),
        Decision = new DecisionReport(Id, 0.75, "nano@1", "predictor@2", 0.0078125),
        Image = new ImageHash("abc"),
        LogProbability = -0.5,
        TextTokens = 21,
        NewTokens = 3,
        EncodeFlops = 7e9,
        Replayed = true,
    };

    [Fact]
    public void ToResponse_EveryField_IsCarriedOver()
    {
        var response = ReplyMapping.ToResponse(Reply);

        var expected = new Wire.GenerateResponse
        {
            Text = "red apple",
            FinishReason = Wire.FinishReason.EndOfSequence,
            Path =
            {
                new Wire.Step
                {
                    Scale = 9, Reason = Wire.StepReason.Quality, PredictedSuccess = 0.5, Confidence = 0.25,
                    Charged = new Wire.Cost { VisualTokens = 9, Flops = 1e9, Seconds = 0.125 },
                    Weighed =
                    {
                        new Wire.Alternative { Scale = 1, Success = 0.125, Value = 0.0625 },
                        new Wire.Alternative { Scale = 9, Success = 0.5, Value = 0.375 },
                    },
                    ExpectedGain = 0.125,
                },
                new Wire.Step
                {
                    Scale = 144, Reason = Wire.StepReason.Value, Unfamiliar = true,
                    Charged = new Wire.Cost { VisualTokens = 144, Flops = 3e9, Seconds = 0.5 },
                },
            },
            SettledReason = Wire.SettledReason.NoExpectedGain,
            Charged = new Wire.Cost { VisualTokens = 153, Flops = 4e9, Seconds = 0.625 },
            Seconds = new Wire.PhaseSeconds { Encode = 1, Prefill = 2, Decode = 3 },
            AlwaysFinest = new Wire.Cost { VisualTokens = 576, Flops = 9e9, Seconds = 1.5 },
            Decision = new Wire.Decision { DecisionId = Id.ToString(), Propensity = 0.75, ModelVersion = "nano@1", PredictorVersion = "predictor@2", GuaranteedRisk = 0.0078125 },
            ImageSha256 = "abc",
            LogProbability = -0.5,
            TextTokens = 21,
            NewTokens = 3,
            EncodeFlops = 7e9,
            Replayed = true,
            Unfamiliar = true,
            Declined = { new Wire.Alternative { Success = 0.5, Value = 0.5 }, new Wire.Alternative { Scale = 576, Success = 0.75, Value = 0.25 } },
        };
        Assert.Equal(expected, response);
    }

    [Fact]
    public void ToResponse_WithoutPredictor_LeavesItsFieldsUnset()
    {
        var response = ReplyMapping.ToResponse(Reply with { Decision = new DecisionReport(Id, 1, "nano@1", null) });

        Assert.False(response.Decision.HasPredictorVersion);
        Assert.False(response.Path[1].HasPredictedSuccess);
        Assert.False(response.Path[1].HasConfidence);
        Assert.False(response.Path[1].HasExpectedGain);
        Assert.False(response.Decision.HasGuaranteedRisk);
    }

    [Fact]
    public void ToResponse_Route_IsCarriedOver()
    {
        var reply = new RouteReply(
            VisualScale.Of(36), StepReason.Capped,
            [
                new ScaleForecast(VisualScale.Of(1), 0.25f, new Cost(1, 2, 3), true, HasRoom: true, WithinCaps: true, WithinBudget: true, 0.125),
                new ScaleForecast(VisualScale.Of(9), null, new Cost(9, 2, 3), false, HasRoom: false, WithinCaps: true, WithinBudget: false, null),
            ],
            TextTokens: 17, Expected: new MeanCost(40.5, 2.5, 3.5), Worst: new Cost(612, 3, 4),
            new DecisionReport(Id, 0.5, "nano@1", null), new ImageHash("abc"), 7e9, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.25));

        var response = ReplyMapping.ToResponse(reply);

        var expected = new Wire.RouteResponse
        {
            Scale = 36,
            Reason = Wire.StepReason.Capped,
            Forecasts =
            {
                Forecast(1, eligible: true, success: 0.25, value: 0.125),
                Forecast(9, eligible: false, success: null, value: null),
            },
            Decision = new Wire.Decision { DecisionId = Id.ToString(), Propensity = 0.5, ModelVersion = "nano@1" },
            ImageSha256 = "abc",
            EncodeFlops = 7e9,
            EncodeSeconds = 0.5,
            TextTokens = 17,
            WaitingSeconds = 0.25,
            Expected = new Wire.MeanCost { VisualTokens = 40.5, Flops = 2.5, Seconds = 3.5 },
            Worst = new Wire.Cost { VisualTokens = 612, Flops = 3, Seconds = 4 },
        };
        Assert.Equal(expected, response);
    }

    [Fact]
    public void ToResponse_EveryStepReason_HasTheSameNameOnTheWire() => Assert.All(
        Enum.GetValues<StepReason>(),
        reason =>
        {
            var response = ReplyMapping.ToResponse(Reply with { Path = [Reply.Path[0] with { Reason = reason }] });
            Assert.Equal(reason.ToString(), response.Path[0].Reason.ToString());
        });

    [Fact]
    public void ToResponse_EverySettledReason_HasTheSameNameOnTheWire() => Assert.All(
        Enum.GetValues<SettledReason>().Where(reason => reason != SettledReason.None),
        reason => Assert.Equal(reason.ToString(), ReplyMapping.ToResponse(Reply with { Settled = reason }).SettledReason.ToString()));

    [Fact]
    public void ToResponse_EveryFinishReason_HasTheSameNameOnTheWire() => Assert.All(
        Enum.GetValues<FinishReason>().Where(reason => reason != FinishReason.None),
        reason => Assert.Equal(reason.ToString(), ReplyMapping.ToResponse(Reply with { Finish = reason }).FinishReason.ToString()));

    private static Wire.ScaleForecast Forecast(int scale, bool eligible, double? success, double? value)
    {
        var forecast = new Wire.ScaleForecast
        {
            Scale = scale,
            Estimated = new Wire.Cost { VisualTokens = scale, Flops = 2, Seconds = 3 },
            Eligible = eligible,
            HasRoom = eligible,
            WithinCaps = true,
            WithinBudget = eligible,
        };
        if (success is { } stated) forecast.PredictedSuccess = stated;
        if (value is { } worth) forecast.Value = worth;
        return forecast;
    }
}
