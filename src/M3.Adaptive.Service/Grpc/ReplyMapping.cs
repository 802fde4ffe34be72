using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;
using Wire = M3.Adaptive.Contracts.V1;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Replies of the use cases in the wire contract's words.</summary>
internal static class ReplyMapping
{
    public static Wire.GenerateResponse ToResponse(GenerateReply reply)
    {
        var response = new Wire.GenerateResponse
        {
            Text = reply.Text,
            FinishReason = ToWire(reply.Finish),
            SettledReason = ToWire(reply.Settled),
            Charged = ToWire(reply.Charged),
            Seconds = new Wire.PhaseSeconds
            {
                Encode = reply.Times.Encode.TotalSeconds,
                Prefill = reply.Times.Prefill.TotalSeconds,
                Decode = reply.Times.Decode.TotalSeconds,
            },
            AlwaysFinest = ToWire(reply.AlwaysFinest),
            Decision = ToWire(reply.Decision),
            ImageSha256 = reply.Image.Value,
            LogProbability = reply.LogProbability,
            NewTokens = reply.NewTokens,
            EncodeFlops = reply.EncodeFlops,
            Replayed = reply.Replayed,
        };
        response.Path.AddRange(reply.Path.Select(ToWire));
        return response;
    }

    public static Wire.RouteResponse ToResponse(RouteReply reply)
    {
        var response = new Wire.RouteResponse
        {
            Scale = reply.Scale.Tokens,
            Reason = ToWire(reply.Reason),
            Decision = ToWire(reply.Decision),
            ImageSha256 = reply.Image.Value,
            EncodeFlops = reply.EncodeFlops,
            EncodeSeconds = reply.EncodeTime.TotalSeconds,
        };
        response.Forecasts.AddRange(reply.Forecasts.Select(ToWire));
        return response;
    }

    private static Wire.Step ToWire(PathStep step)
    {
        var wire = new Wire.Step { Scale = step.Scale.Tokens, Reason = ToWire(step.Reason), Charged = ToWire(step.Charged) };
        if (step.PredictedSuccess is { } success) wire.PredictedSuccess = success;
        if (step.Confidence is { } confidence) wire.Confidence = confidence;
        return wire;
    }

    private static Wire.ScaleForecast ToWire(ScaleForecast forecast)
    {
        var wire = new Wire.ScaleForecast { Scale = forecast.Scale.Tokens, Estimated = ToWire(forecast.Estimated), Eligible = forecast.Eligible };
        if (forecast.PredictedSuccess is { } success) wire.PredictedSuccess = success;
        return wire;
    }

    private static Wire.Decision ToWire(DecisionReport decision)
    {
        var wire = new Wire.Decision { DecisionId = decision.Id.ToString(), Propensity = decision.Propensity, ModelVersion = decision.ModelVersion };
        if (decision.PredictorVersion is { } version) wire.PredictorVersion = version;
        return wire;
    }

    private static Wire.Cost ToWire(Cost cost) => new() { VisualTokens = cost.VisualTokens, Flops = cost.Flops, Seconds = cost.Seconds };

    private static Wire.FinishReason ToWire(FinishReason reason) => reason switch
    {
        FinishReason.EndOfSequence => Wire.FinishReason.EndOfSequence,
        FinishReason.Length => Wire.FinishReason.Length,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "An answer that is sent has ended."),
    };

    private static Wire.StepReason ToWire(StepReason reason) => reason switch
    {
        StepReason.Fixed => Wire.StepReason.Fixed,
        StepReason.Quality => Wire.StepReason.Quality,
        StepReason.Economy => Wire.StepReason.Economy,
        StepReason.Capped => Wire.StepReason.Capped,
        StepReason.SafeScale => Wire.StepReason.SafeScale,
        StepReason.Exploration => Wire.StepReason.Exploration,
        StepReason.LowConfidence => Wire.StepReason.LowConfidence,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason of the wire contract."),
    };

    private static Wire.SettledReason ToWire(SettledReason reason) => reason switch
    {
        SettledReason.Confident => Wire.SettledReason.Confident,
        SettledReason.EscalationOff => Wire.SettledReason.EscalationOff,
        SettledReason.Finest => Wire.SettledReason.Finest,
        SettledReason.Cap => Wire.SettledReason.Cap,
        SettledReason.MaxEscalations => Wire.SettledReason.MaxEscalations,
        SettledReason.NoExpectedGain => Wire.SettledReason.NoExpectedGain,
        SettledReason.NoConfidence => Wire.SettledReason.NoConfidence,
        SettledReason.Deadline => Wire.SettledReason.Deadline,
        SettledReason.NoRoom => Wire.SettledReason.NoRoom,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason of the wire contract."),
    };
}
