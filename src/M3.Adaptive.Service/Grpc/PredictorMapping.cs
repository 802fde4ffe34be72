using Google.Protobuf.WellKnownTypes;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Service.Predicting;
using Wire = M3.Adaptive.Contracts.V1;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Versions of the predictor as messages. Where their files lie is the operator's business.</summary>
internal static class PredictorMapping
{
    public static Wire.PredictorVersion ToWire(RegisteredVersion version)
    {
        var message = new Wire.PredictorVersion { Number = version.Number };
        if (version is { Fault: null, Predictor: { } predictor }) message.PredictorVersion_ = predictor.Version;
        if (version.Origin is not { } origin) return message;
        message.MadeBy = origin.By;
        message.MadeAt = origin.At.ToTimestamp();
        message.Why = origin.Why;
        if (origin.Parent is { } parent) message.Parent = parent;
        message.Figures.Add(origin.Figures);
        message.Gate = origin.Gate is null ? null : ToWire(origin.Gate);
        return message;
    }

    public static Wire.Trial? ToWire(Challenger? challenger) => challenger is null ? null : new Wire.Trial
    {
        Number = challenger.Version,
        Stage = ToWire(challenger.Stage),
        Share = challenger.Share,
        Since = challenger.Since.ToTimestamp(),
    };

    /// <summary>What serves, for those who ask how the service does.</summary>
    public static Wire.StatusResponse AddTo(Wire.StatusResponse response, ServedPredictors served)
    {
        if (served.Champion.Number is { } champion) response.Champion = champion;
        response.Challenger = ToWire(served.Trial);
        response.PredictorFault = served.Fault is not null;
        return response;
    }

    public static Wire.FigureDifference ToWire(FigureDiff figure)
    {
        var message = new Wire.FigureDifference { Name = figure.Name };
        if (figure.From is { } from) message.From = from;
        if (figure.To is { } to) message.To = to;
        return message;
    }

    private static Wire.GateResult ToWire(GateReport gate) => new()
    {
        Passed = gate.Passed,
        Checks = { gate.Checks.Select(static check => new Wire.GateCheck { Name = check.Name, Figure = check.Figure, Bound = check.Bound, Passed = check.Passed }) },
    };

    private static Wire.TrialStage ToWire(ChallengerStage stage) => stage switch
    {
        ChallengerStage.Shadow => Wire.TrialStage.Shadow,
        ChallengerStage.Canary => Wire.TrialStage.Canary,
        ChallengerStage.Experiment => Wire.TrialStage.Experiment,
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Not a stage of the wire contract."),
    };
}
