using System.Diagnostics.CodeAnalysis;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Predictor.Drift;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Heads;
using M3.Adaptive.Predictor.Unfamiliarity;

namespace M3.Adaptive.Predictor;

/// <summary>
/// Predicts with the heads of one artefact, for one model: what each scale is worth before any run, and after each run what its answer is
/// worth and what finer scales still are. Immutable, safe for concurrent use, and without native code.
/// </summary>
public sealed class TrainedPredictor : IScalePredictor, IForecaster
{
    private const int Measures = 3;                                           // of strangeness before a run, behind the features of a decision

    private readonly Dictionary<HeadName, SuccessHead> _heads;
    private readonly UnfamiliarityModel _unfamiliarity;

    /// <exception cref="PredictorException">The artefact was trained for another model or features, or does not hold together.</exception>
    public TrainedPredictor(PredictorArtifact artifact, string modelHash)
    {
        RequireFit(artifact, modelHash);
        Version = artifact.Version;
        var calibration = PredictorArtifact.Parse(
            artifact.ContentOf(PredictorArtifact.CalibrationFile), ArtifactJson.Default.SortedDictionaryStringPlattScale, PredictorArtifact.CalibrationFile);
        _heads = HeadName.All.ToDictionary(name => name, name => Head(artifact, name, calibration));
        Prices = artifact.Prices()?.Table() ?? PriceTable.Empty;
        Home = artifact.Home();
        _unfamiliarity = PredictorArtifact.Parse(
            artifact.ContentOf(PredictorArtifact.UnfamiliarityFile), UnfamiliarityJson.Default.UnfamiliarityModel, PredictorArtifact.UnfamiliarityFile);
    }

    /// <summary>Refuses an artefact for another model or other features; reading its heads, which takes most of the time of loading, is left out.</summary>
    /// <exception cref="PredictorException">It was trained for another model or features.</exception>
    internal static void RequireFit(PredictorArtifact artifact, string modelHash)
    {
        var bound = artifact.Manifest.Model;
        if (bound.Hash != modelHash)
        {
            throw new PredictorException(
                $"Predictor {artifact.Version} was trained for {bound.Version} and the running model's hash is {modelHash}: label and train again for this model.");
        }

        var spec = PredictorArtifact.Parse(artifact.ContentOf(PredictorArtifact.FeaturesFile), ArtifactJson.Default.FeatureSpec, PredictorArtifact.FeaturesFile);
        if (spec != FeatureSpec.Current)
            throw new PredictorException($"Predictor {artifact.Version} was trained on features {spec}; this program computes {FeatureSpec.Current}: label and train again.");
    }

    public string Version { get; }

    public PriceTable Prices { get; }

    /// <summary>What traffic looked like when it was made; null for a predictor of a program that kept nothing of it: drift cannot be told then.</summary>
    public DriftReference? Home { get; }

    /// <summary>Loads a predictor's folder for the model that runs.</summary>
    /// <exception cref="PredictorException">Missing, damaged, or for another model; the message names fault and remedy.</exception>
    public static TrainedPredictor Load(string folder, string modelHash) => new(PredictorArtifact.Load(folder), modelHash);

    /// <summary>What each number of a prediction's features stands for, in words; of features of <see cref="HeadFeatures.Version"/>.</summary>
    public static IReadOnlyList<string> FeatureNames { get; } =
        [.. PredictorFeatures.Names, "strangeness of the picture", "strangeness of the wording", "strangeness of the spelling"];

    public bool TryPredict(ImageEvidence image, string question, [NotNullWhen(true)] out ScalePrediction? prediction)
    {
        prediction = Predict(PredictorFeatures.OfImage(image), question);
        return true;
    }

    public ScalePrediction Predict(float[] picture, string question)
    {
        var features = PredictorFeatures.Of(picture, question);
        var row = HeadFeatures.Prior(features);
        var strange = _unfamiliarity.Before(picture, question);
        var (success, reported) = Probabilities(null, row, _unfamiliarity.Sum(strange));
        return new ScalePrediction(success, [.. features, strange.Picture, strange.Wording, strange.Spelling])
        {
            Reported = reported,
            FeatureVersion = HeadFeatures.Version,
        };
    }

    /// <summary>How far the picture lies from those that the predictor was fitted to: 0 up to their median, 1 at their 95 % quantile, 3 at most.</summary>
    /// <param name="prediction">Of such a predictor.</param>
    public static float PictureStrangeness(ScalePrediction prediction) => prediction.Features[^Measures];

    /// <summary>As <see cref="TryPredict"/> gives it, from the features that a decision was logged with, whichever predictor made it.</summary>
    /// <exception cref="ArgumentException">The features have another number.</exception>
    public float[] Success(float[] logged) => logged.Length == PredictorFeatures.Count + Measures
        ? Probabilities(null, HeadFeatures.Prior(logged.AsSpan(0, PredictorFeatures.Count)), strangeness: 0).Success
        : throw new ArgumentException($"{logged.Length} features; expected {PredictorFeatures.Count + Measures}.", nameof(logged));

    public AnswerForecast AfterRun(ScalePrediction prior, string question, VisualScale scale, IReadOnlyList<TokenEvidence> answer)
    {
        var evidence = AnswerEvidence.Of(answer);
        var growing = answer[^1].Finish == FinishReason.None;
        return AfterRun(prior, question, scale, growing ? evidence.FirstTokenOnly() : evidence, string.Concat(answer.Select(token => token.Text)));
    }

    public AnswerForecast AfterRun(ScalePrediction prior, string question, VisualScale scale, AnswerEvidence evidence, string answer)
    {
        if (prior.Features is not [.. var features, var picture, var wording, var spelling] || features.Length != PredictorFeatures.Count)
            throw new ArgumentException("Not a prediction of this predictor.", nameof(prior));

        var row = HeadFeatures.After(features, evidence, answer);
        var fit = evidence.IsFirstTokenOnly ? 0 : _unfamiliarity.AnswerStrangeness(question, answer);
        var sum = _unfamiliarity.Sum(new Strangeness(picture, wording, spelling, fit));
        var (success, reported) = Probabilities(scale, row, sum);
        return new AnswerForecast(success, reported, sum, sum > _unfamiliarity.Threshold, row) { FeatureVersion = HeadFeatures.Version };
    }

    private (float[] Success, float[] Reported) Probabilities(VisualScale? after, float[] row, float strangeness)
    {
        var (success, reported) = (new float[VisualScale.Ladder.Length], new float[VisualScale.Ladder.Length]);
        foreach (var at in VisualScale.All)
        {
            if (at < after)
            {
                success[at.Rung] = reported[at.Rung] = float.NaN;
                continue;
            }

            var logit = _heads[new HeadName(after, at)].Logit(row);
            (success[at.Rung], reported[at.Rung]) = (SuccessHead.Probability(logit), _unfamiliarity.Correct(logit, strangeness));
        }

        return (success, reported);
    }

    private static SuccessHead Head(PredictorArtifact artifact, HeadName name, SortedDictionary<string, PlattScale> calibration)
    {
        var file = PredictorArtifact.FileOf(name);
        var trees = HeadFile.Read(artifact.ContentOf(file), file);
        var features = name.After is null ? HeadFeatures.PriorCount : HeadFeatures.AfterCount;
        if (trees.LastFeature >= features)
            throw new PredictorException($"{file} looks at feature {trees.LastFeature}; this program computes {features}.");
        return calibration.TryGetValue($"{name}", out var scale)
            ? new SuccessHead(trees, scale)
            : throw new PredictorException($"{PredictorArtifact.CalibrationFile} has nothing for {name}: train again.");
    }
}
