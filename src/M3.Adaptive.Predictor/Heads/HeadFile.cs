using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using FastTreeModel = Microsoft.ML.Calibrators.CalibratedModelParametersBase<
    Microsoft.ML.Trainers.FastTree.FastTreeBinaryModelParameters, Microsoft.ML.Calibrators.PlattCalibrator>;

namespace M3.Adaptive.Predictor.Heads;

/// <summary>One head as Microsoft.ML saves models: any program with that library can load and use it.</summary>
public static class HeadFile
{
    /// <summary>The same model gives the same bytes: the library's own archive would carry the time of day.</summary>
    public static byte[] Write(MLContext context, ITransformer model, DataViewSchema schema)
    {
        using var saved = new MemoryStream();
        context.Model.Save(model, schema, saved);
        using var archive = new ZipArchive(saved, ZipArchiveMode.Read);
        using var timeless = new MemoryStream();
        using (var copy = new ZipArchive(timeless, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in archive.Entries)
            {
                var target = copy.CreateEntry(entry.FullName, CompressionLevel.SmallestSize);
                target.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var from = entry.Open();
                using var to = target.Open();
                from.CopyTo(to);
            }
        }

        return timeless.ToArray();
    }

    /// <exception cref="PredictorException">The bytes are no boosted classifier of Microsoft.ML.</exception>
    public static TreeHead Read(byte[] bytes, string file)
    {
        try
        {
            using var stream = new MemoryStream(bytes);
            return new MLContext().Model.Load(stream, out _) is BinaryPredictionTransformer<FastTreeModel> { Model.SubModel: { } model }
                ? TreeHead.Of(model.TrainedTreeEnsemble)
                : throw new FormatException("it is no FastTree classifier");
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or InvalidDataException or ArgumentException or IOException)
        {
            throw new PredictorException($"{file} is no model of Microsoft.ML that this program knows: {exception.Message}", exception);
        }
    }
}
