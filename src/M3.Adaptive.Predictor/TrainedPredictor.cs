using System.Diagnostics.CodeAnalysis;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Predictor.Calibration;
using M3.Adaptive.Predictor.Confidence;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Trees;

namespace M3.Adaptive.Predictor;

/// <summary>
/// Predicts with the success heads and the confidence model of one artefact, for one model. Immutable, safe for concurrent use, and
/// without native code.
/// </summary>
public sealed class TrainedPredictor : IScalePredictor, IForecaster
{
    private readonly TreeEnsemble[] _heads;
    private readonly TreeEnsemble _confidence;
    private readonly Calibrators _calibrators;

    /// <exception cref="PredictorException">The artefact was trained for another model or features, or does not hold together.</exception>
    public TrainedPredictor(PredictorArtifact artifact, string modelHash)
    {
        var bound = artifact.Manifest.Model;
        if (bound.Hash != modelHash)
        {
            throw new PredictorException(
                $"Predictor {artifact.Version} was trained for {bound.Version} and the running model's hash is {modelHash}: label and train again for this model.");
        }

        Version = artifact.Version;
        var spec = PredictorArtifact.Parse(artifact.ContentOf(PredictorArtifact.FeaturesFile), ArtifactJson.Default.FeatureSpec, PredictorArtifact.FeaturesFile);
        if (spec != FeatureSpec.Current)
            throw new PredictorException($"Predictor {Version} was trained on features {spec}; this program computes {FeatureSpec.Current}: label and train again.");

        _heads = [.. VisualScale.All.Select(scale => Trees(artifact, PredictorArtifact.HeadFile(scale), PredictorFeatures.Count))];
        _confidence = Trees(artifact, PredictorArtifact.ConfidenceFile, ConfidenceFeatures.Count);
        _calibrators = PredictorArtifact.Parse(
            artifact.ContentOf(PredictorArtifact.CalibrationFile), ArtifactJson.Default.Calibrators, PredictorArtifact.CalibrationFile);
        Check(_calibrators.Heads, "heads");
        Check(_calibrators.WholeAnswer, "wholeAnswer");
        Check(_calibrators.FirstToken, "firstToken");
    }

    public string Version { get; }

    /// <summary>Loads a predictor's folder for the model that runs.</summary>
    /// <exception cref="PredictorException">Missing, damaged, or for another model; the message names fault and remedy.</exception>
    public static TrainedPredictor Load(string folder, string modelHash) => new(PredictorArtifact.Load(folder), modelHash);

    public bool TryPredict(ImageEvidence image, string question, [NotNullWhen(true)] out ScalePrediction? prediction)
    {
        prediction = Predict(PredictorFeatures.OfImage(image), question);
        return true;
    }

    public ScalePrediction Predict(float[] picture, string question)
    {
        var features = PredictorFeatures.Of(picture, question);
        return new ScalePrediction(Success(features), features);
    }

    public AnswerForecast AfterRun(ScalePrediction prior, string question, VisualScale scale, IReadOnlyList<TokenEvidence> answer)
    {
        var evidence = AnswerEvidence.Of(answer);
        var seen = answer[^1].Finish == FinishReason.None ? evidence.FirstTokenOnly() : evidence;
        return AfterRun(prior, question, scale, seen, string.Concat(answer.Select(token => token.Text)));
    }

    // Provisional: a wrong answer is put right with the prior probability of "right there, given wrong here".
    public AnswerForecast AfterRun(ScalePrediction prior, string question, VisualScale scale, AnswerEvidence evidence, string answer)
    {
        var confidence = Of(evidence, float.IsNaN(evidence.Values[^1]), scale, prior.Success);
        var here = prior.At(scale);
        float[] success = [.. VisualScale.All.Select(rung => rung < scale ? float.NaN : rung == scale ? confidence
            : confidence + (1 - confidence) * (here < 1 ? Math.Max(0, (prior.At(rung) - here) / (1 - here)) : 0))];
        return new AnswerForecast(success, success, Unfamiliarity: 0, Unfamiliar: false, prior.Features);
    }

    /// <summary>Gives the calibrated probability of a right answer at each rung, coarsest first.</summary>
    /// <param name="features">As <see cref="PredictorFeatures.Of"/> gives them.</param>
    public float[] Success(ReadOnlySpan<float> features)
    {
        var success = new float[_heads.Length];
        for (var rung = 0; rung < success.Length; rung++) success[rung] = _calibrators.Heads[rung].Of(_heads[rung].Predict(features));
        return success;
    }

    /// <summary>Gives the calibrated probability that an answer is right.</summary>
    /// <param name="firstTokenOnly">Judge by the first token alone.</param>
    /// <param name="success">The predictor's probabilities per rung; empty when it gave none.</param>
    public float Of(AnswerEvidence evidence, bool firstTokenOnly, VisualScale scale, ReadOnlySpan<float> success)
    {
        var (seen, calibrators) = firstTokenOnly
            ? (evidence.FirstTokenOnly(), _calibrators.FirstToken)
            : (evidence, _calibrators.WholeAnswer);
        return calibrators[scale.Rung].Of(_confidence.Predict(ConfidenceFeatures.Of(seen, scale, success)));
    }

    private static TreeEnsemble Trees(PredictorArtifact artifact, string file, int features)
    {
        var trees = TreeEnsemble.Parse(artifact.ContentOf(file), file);
        return trees.FeatureCount == features
            ? trees
            : throw new PredictorException($"{file} expects {trees.FeatureCount} features; this program computes {features}.");
    }

    private static void Check(IsotonicCalibrator[] calibrators, string name)
    {
        if (calibrators.Length != VisualScale.Ladder.Length)
            throw new PredictorException($"{PredictorArtifact.CalibrationFile} has {calibrators.Length} calibrators for {name}; expected one per rung.");
        for (var rung = 0; rung < calibrators.Length; rung++)
        {
            if (calibrators[rung].Fault() is { } fault)
                throw new PredictorException($"{PredictorArtifact.CalibrationFile}: {name}, scale {VisualScale.Ladder[rung]}, {fault}.");
        }
    }
}
