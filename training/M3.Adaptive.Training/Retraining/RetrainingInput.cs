using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Retraining.Evidence;
using M3.Adaptive.Training.Retraining.Gating;

namespace M3.Adaptive.Training.Retraining;

/// <summary>What a retraining works on.</summary>
/// <param name="Model">The model whose answers everything is.</param>
/// <param name="Champion">The predictor that serves.</param>
/// <param name="Home">Labels that are there beside the traffic's, to fit on; null without any.</param>
/// <param name="Evidence">What traffic has shown.</param>
/// <param name="Vocabulary">The pieces of the model's tokenizer.</param>
public sealed record RetrainingInput(ModelIdentity Model, TrainedPredictor Champion, HomeLabels? Home, EvidenceSet Evidence, IReadOnlyList<string> Vocabulary)
{
    public PredictorTrainingOptions Training { get; init; } = new();

    public GateOptions Gate { get; init; } = new();
}

/// <summary>Labels that were made beside the traffic, as by <c>label</c>.</summary>
/// <param name="Routing">Heads are fitted to these.</param>
/// <param name="Calibration">Heads are calibrated and prices fitted to these; the pictures that are kept aside judge the challenger, too.</param>
public sealed record HomeLabels(LabelTable Routing, LabelTable Calibration);
