using Google.Protobuf.WellKnownTypes;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Budget;
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
            TextTokens = reply.TextTokens,
            NewTokens = reply.NewTokens,
            EncodeFlops = reply.EncodeFlops,
            Replayed = reply.Replayed,
            Unfamiliar = reply.Path[^1].Unfamiliar,
        };
        if (reply.Budget is { } budget) response.Budget = ToWire(budget);
        response.Path.AddRange(reply.Path.Select(ToWire));
        response.Declined.AddRange(reply.Declined.Select(ToWire));
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
            TextTokens = reply.TextTokens,
            WaitingSeconds = reply.Waiting.TotalSeconds,
            Expected = new Wire.MeanCost { VisualTokens = reply.Expected.VisualTokens, Flops = reply.Expected.Flops, Seconds = reply.Expected.Seconds },
            Worst = ToWire(reply.Worst),
        };
        response.Forecasts.AddRange(reply.Forecasts.Select(ToWire));
        return response;
    }

    public static Wire.StatusResponse ToResponse(StatusReply reply, IEnumerable<string> driftAlarms) =>
        new() { Answers = reply.Answers, Unfamiliar = reply.Unfamiliar, DriftAlarms = { driftAlarms } };

    public static Wire.RouteSoFar ToDetail(RouteSoFar route)
    {
        var detail = new Wire.RouteSoFar { Scale = route.Decision.Scale.Tokens, Reason = ToWire(route.Decision.Reason), Charged = ToWire(route.Charged) };
        detail.Path.AddRange(route.Path.Select(ToWire));
        return detail;
    }

    private static Wire.Step ToWire(PathStep step)
    {
        var wire = new Wire.Step { Scale = step.Scale.Tokens, Reason = ToWire(step.Reason), Charged = ToWire(step.Charged), Unfamiliar = step.Unfamiliar };
        if (step.Before is { } before) wire.PredictedSuccess = before.Reported;
        if (step.After is { } after) wire.Confidence = after.Reported;
        if (step.ExpectedGain is { } gain) wire.ExpectedGain = gain;
        wire.Weighed.AddRange(step.Weighed.Select(ToWire));
        return wire;
    }

    private static Wire.Alternative ToWire(ScaleOption option)
    {
        var wire = new Wire.Alternative { Success = option.Success, Value = option.Value };
        if (option.Scale is { } scale) wire.Scale = scale.Tokens;
        return wire;
    }

    private static Wire.ScaleForecast ToWire(ScaleForecast forecast)
    {
        var wire = new Wire.ScaleForecast
        {
            Scale = forecast.Scale.Tokens,
            Estimated = ToWire(forecast.Estimated),
            Eligible = forecast.Eligible,
            HasRoom = forecast.HasRoom,
            WithinCaps = forecast.WithinCaps,
            WithinBudget = forecast.WithinBudget,
        };
        if (forecast.PredictedSuccess is { } success) wire.PredictedSuccess = success;
        if (forecast.Value is { } value) wire.Value = value;
        return wire;
    }

    private static Wire.Decision ToWire(DecisionReport decision)
    {
        var wire = new Wire.Decision { DecisionId = decision.Id.ToString(), Propensity = decision.Propensity, ModelVersion = decision.ModelVersion };
        if (decision.PredictorVersion is { } version) wire.PredictorVersion = version;
        if (decision.GuaranteedRisk is { } risk) wire.GuaranteedRisk = risk;
        return wire;
    }

    private static Wire.BudgetState ToWire(BudgetReport report)
    {
        var balance = report.Balance;
        var wire = new Wire.BudgetState
        {
            Unit = balance.Budget.Unit == BudgetUnit.VisualTokens ? Wire.BudgetUnit.VisualTokens : Wire.BudgetUnit.Megaflops,
            Limit = balance.Budget.Limit,
            Left = report.Left,
            NextWindow = balance.WindowEnd.ToTimestamp(),
        };
        if (report.Ceiling is { } ceiling) wire.Ceiling = ceiling.Tokens;
        return wire;
    }

    public static Wire.Cost ToWire(Cost cost) => new() { VisualTokens = cost.VisualTokens, Flops = cost.Flops, Seconds = cost.Seconds };

    private static Wire.FinishReason ToWire(FinishReason reason) => reason switch
    {
        FinishReason.EndOfSequence => Wire.FinishReason.EndOfSequence,
        FinishReason.Length => Wire.FinishReason.Length,
        FinishReason.Stop => Wire.FinishReason.Stop,
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
        StepReason.Value => Wire.StepReason.Value,
        StepReason.Target => Wire.StepReason.Target,
        StepReason.NoGuarantee => Wire.StepReason.NoGuarantee,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason of the wire contract."),
    };

    private static Wire.SettledReason ToWire(SettledReason reason) => reason switch
    {
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
