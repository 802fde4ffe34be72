using M3.Adaptive.Predictor.Heads;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;

namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>Fits one boosted classifier with Microsoft.ML's FastTree.</summary>
internal static class HeadFitter
{
    /// <summary>Fits on one thread, which makes it reproducible: heads are independent, so callers fit several at once.</summary>
    public static FittedHead Fit(IReadOnlyList<float[]> rows, IReadOnlyList<bool> right, PredictorTrainingOptions options)
    {
        var context = new MLContext(options.Seed);
        var data = context.Data.LoadFromEnumerable(rows.Zip(right, (features, label) => new Row(features, label)), SchemaOf(rows[0].Length));
        var trainer = context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
        {
            LabelColumnName = nameof(Row.Right),
            FeatureColumnName = nameof(Row.Features),
            NumberOfTrees = options.Trees,
            NumberOfLeaves = options.Leaves,
            LearningRate = 0.1,
            MinimumExampleCountPerLeaf = 4,
            BaggingSize = 1,                                                  // other rows and features for each tree
            BaggingExampleFraction = 0.8,
            FeatureFraction = 0.6,
            Seed = options.Seed,
            FeatureSelectionSeed = options.Seed,
            NumberOfThreads = 1,
        });
        var fitted = trainer.Fit(data);
        return new FittedHead(HeadFile.Write(context, fitted, data.Schema), TreeHead.Of(fitted.Model.SubModel.TrainedTreeEnsemble));
    }

    /// <summary>Fits slope and offset that make scores probabilities (Platt 1999).</summary>
    public static PlattScale Calibrate(IReadOnlyList<double> scores, IReadOnlyList<bool> right)
    {
        var context = new MLContext();
        var data = context.Data.LoadFromEnumerable(scores.Zip(right, (score, label) => new Scored((float)score, label)));
        var fitted = context.BinaryClassification.Calibrators.Platt(nameof(Scored.Right), nameof(Scored.Score)).Fit(data);
        var calibrator = ((IPredictionTransformer<PlattCalibrator>)fitted).Model;
        return new PlattScale(calibrator.Slope, calibrator.Offset);
    }

    private static SchemaDefinition SchemaOf(int features)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        return schema;
    }

    private sealed record Row(float[] Features, bool Right);

    private sealed record Scored(float Score, bool Right);
}

/// <param name="File">The model as its file holds it.</param>
internal sealed record FittedHead(byte[] File, TreeHead Trees);
