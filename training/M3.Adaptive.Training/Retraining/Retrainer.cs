using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Training.Evaluation.OffPolicy;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Retraining.Gating;

namespace M3.Adaptive.Training.Retraining;

/// <summary>What came of a retraining.</summary>
/// <param name="Challenger">Whether it may follow the champion is the gate's to say.</param>
/// <param name="Figures">By name, for the registry.</param>
/// <param name="Champion">What the log says of the champion's first choices; without a verdict where it says too little.</param>
/// <param name="ChallengerOnLog">The same of the challenger's.</param>
public sealed record RetrainingResult(
    PredictorArtifact Challenger, GateReport Gate, SortedDictionary<string, double> Figures, OffPolicyReport Champion, OffPolicyReport ChallengerOnLog);

/// <summary>From evidence to a challenger that has been through the gate. Reads and writes no file; the same input gives the same challenger.</summary>
public static class Retrainer
{
    /// <exception cref="PredictorException">The labels are too few, another model's, or teach nothing about scales.</exception>
    public static RetrainingResult Run(RetrainingInput input, TimeProvider clock, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var parts = EvidenceParts.Of(input.Model, input.Home, input.Evidence.Audited);
        var artifact = PredictorTrainer.Train(parts.Routing, parts.Calibration, input.Model.Hash, input.Vocabulary, input.Training, clock, progress, cancellation);
        var challenger = new TrainedPredictor(artifact, input.Model.Hash);

        progress?.Report(new TrainingProgress("gate", 0, 1));
        var overhead = Overhead.Measure(input.Champion, challenger, parts.Calibration, clock);
        var gate = PredictorGate.Judge(input.Champion, challenger, input.Model.Hash, parts.Judged, overhead, input.Gate, cancellation);
        var (before, after) = (LoggedPolicy.Evaluate(input.Champion, input.Evidence.Choices, input.Gate.Defaults), LoggedPolicy.Evaluate(challenger, input.Evidence.Choices, input.Gate.Defaults));
        return new RetrainingResult(artifact, gate, Figures(input, parts, gate, before, after), before, after);
    }

    private static SortedDictionary<string, double> Figures(RetrainingInput input, EvidenceParts parts, GateReport gate, OffPolicyReport before, OffPolicyReport after)
    {
        var evidence = input.Evidence;
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            ["audits"] = evidence.Audited.Count,
            ["escalation pairs"] = evidence.Pairs.Count,
            ["logged choices"] = evidence.Choices.Count,
            ["questions fitted"] = parts.Routing.Items.Count,
            ["questions calibrated"] = parts.Calibration.Items.Count,
            ["quarantined clients"] = evidence.Quarantined.Count,
        };
        foreach (var source in evidence.Audited.GroupBy(item => item.Source)) figures[$"audits labelled by {source.Key.ToString().ToLowerInvariant()}"] = source.Count();
        foreach (var check in gate.Checks) figures[check.Name] = check.Figure;
        if (evidence.Escalations is (var forecast, var right))
            (figures["escalation pairs: forecast"], figures["escalation pairs: right"]) = (Math.Round(forecast, 5), Math.Round(right, 5));
        if (before.Value is { } champion) figures["logged choices: champion"] = Math.Round(champion.DoublyRobust.Value, 5);
        if (after.Value is { } challenger) figures["logged choices: challenger"] = Math.Round(challenger.DoublyRobust.Value, 5);
        return figures;
    }
}
