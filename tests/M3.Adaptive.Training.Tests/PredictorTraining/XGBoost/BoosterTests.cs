using M3.Adaptive.Training.PredictorTraining.XGBoost;
using Xunit;

namespace M3.Adaptive.Training.Tests.PredictorTraining.XGBoost;

public sealed class BoosterTests
{
    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["objective"] = "binary:logistic",
        ["max_depth"] = "2",
        ["nthread"] = "1",
        ["verbosity"] = "0",
    };

    [Fact]
    public void Train_SeparableRows_LearnsThem()
    {
        using var matrix = Rows(out var labels);
        using var booster = Booster.Train(matrix, Parameters, rounds: 20);

        var predictions = booster.Predict(matrix);

        Assert.All(predictions.Zip(labels), pair => Assert.Equal(pair.Second, MathF.Round(pair.First)));
    }

    [Fact]
    public void SaveJson_ThenLoad_PredictsTheSame()
    {
        using var matrix = Rows(out _);
        using var booster = Booster.Train(matrix, Parameters, rounds: 5);

        using var loaded = Booster.Load(booster.SaveJson());

        Assert.Equal(booster.Predict(matrix), loaded.Predict(matrix));
    }

    [Fact]
    public void Train_UnknownParameterValue_CarriesTheLibrarysMessage()
    {
        using var matrix = Rows(out _);

        var exception = Assert.Throws<XGBoostException>(() => Booster.Train(matrix, new Dictionary<string, string> { ["objective"] = "no:such" }, rounds: 1));

        Assert.Contains("no:such", exception.Message);
    }

    [Fact]
    public void Load_NoModel_Throws() => Assert.Throws<XGBoostException>(() => Booster.Load("{}"u8));

    [Fact]
    public void Train_Cancelled_Stops()
    {
        using var matrix = Rows(out _);

        Assert.Throws<OperationCanceledException>(() => Booster.Train(matrix, Parameters, rounds: 1, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(0, 2)]
    public void Of_NoWholeRows_IsRefusedBeforeTheLibrarySeesIt(int values, int columns) =>
        Assert.Throws<ArgumentException>(() => DMatrix.Of(new float[values], columns));

    [Fact]
    public void Of_LabelsOfAnotherLength_IsRefused() =>
        Assert.Throws<ArgumentException>(() => DMatrix.Of(new float[4], 2, new float[3]));

    private static DMatrix Rows(out float[] labels)
    {
        var random = new Random(3);
        float[] rows = [.. Enumerable.Range(0, 200).Select(_ => random.NextSingle())];
        labels = [.. Enumerable.Range(0, 100).Select(i => rows[2 * i] > 0.5f ? 1f : 0f)];
        return DMatrix.Of(rows, 2, labels);
    }
}
