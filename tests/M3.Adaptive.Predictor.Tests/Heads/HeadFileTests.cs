using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Heads;
using M3.Adaptive.Predictor.Tests.Doubles;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace M3.Adaptive.Predictor.Tests.Heads;

public sealed class HeadFileTests
{
    public static TheoryData<string> SomeHeads => ["prior-9.zip", "after-1-at-1.zip", "after-36-at-144.zip", "after-576-at-576.zip"];

    [Theory]
    [MemberData(nameof(SomeHeads))]
    public void Read_CommittedHead_ScoresAsTheLibraryDoes(string file)
    {
        var bytes = CommittedPredictor.Artifact.ContentOf(file);
        var width = file.StartsWith("prior", StringComparison.Ordinal) ? HeadFeatures.PriorCount : HeadFeatures.AfterCount;
        var head = HeadFile.Read(bytes, file);
        var context = new MLContext();
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        var library = context.Model.CreatePredictionEngine<Row, Scored>(context.Model.Load(new MemoryStream(bytes), out _), inputSchemaDefinition: schema);
        var random = new Random(1);

        for (var i = 0; i < 2000; i++)
        {
            float[] row = [.. Enumerable.Range(0, width).Select(_ => random.Next(3) == 0 ? 0 : 8 * random.NextSingle() - 4)];
            Assert.Equal(library.Predict(new Row { Features = row }).Score, head.Score(row), 1e-5);
        }
    }

    [Fact]
    public void Read_Garbage_NamesTheFile()
    {
        foreach (var bytes in new[] { Array.Empty<byte>(), [1, 2, 3], "not a model at all, only text"u8.ToArray() })
            Assert.StartsWith("prior-9.zip", Assert.Throws<PredictorException>(() => HeadFile.Read(bytes, "prior-9.zip")).Message);
    }

    [Fact]
    public void Read_CutAnywhere_IsRefused()
    {
        var bytes = CommittedPredictor.Artifact.ContentOf("prior-9.zip");

        for (var length = 0; length < bytes.Length - 1; length += 1997)
            Assert.Throws<PredictorException>(() => HeadFile.Read(bytes[..length], "cut"));
    }

    [Fact]
    public void Read_AnotherKindOfModel_IsRefused()
    {
        var context = new MLContext(1);
        var rows = Enumerable.Range(0, 50).Select(i => new Labelled { Features = [i], Label = i > 20 });
        var schema = SchemaDefinition.Create(typeof(Labelled));
        schema[nameof(Labelled.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1);
        var data = context.Data.LoadFromEnumerable(rows, schema);
        var bytes = HeadFile.Write(context, context.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(data), data.Schema);

        Assert.Contains("no FastTree classifier", Assert.Throws<PredictorException>(() => HeadFile.Read(bytes, "linear")).Message);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class Labelled
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    private sealed class Scored
    {
        public float Score { get; set; }
    }
}
