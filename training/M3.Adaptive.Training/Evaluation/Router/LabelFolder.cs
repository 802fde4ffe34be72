using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>Label tables of one model in one folder.</summary>
internal sealed class LabelFolder(string folder, ModelIdentity model)
{
    /// <exception cref="PredictorException">The table is missing, damaged, empty or another model's.</exception>
    public LabelTable Required(string split)
    {
        var path = Path.Combine(folder, LabelFile.NameOf(split));
        var table = LabelFile.Load(path);
        if (table.Items.Count == 0) throw new PredictorException($"{path} holds no items: label again.");
        if (table.Header.Model.Hash != model.Hash)
            throw new PredictorException($"{path} holds answers of {table.Header.Model.Version}, not of {model.Version}, for which the predictor is: label again, or name that model with --model.");
        return table;
    }

    /// <summary>Null where there is no such table.</summary>
    /// <exception cref="PredictorException">It is damaged, empty or another model's.</exception>
    public LabelTable? Optional(string split) => File.Exists(Path.Combine(folder, LabelFile.NameOf(split))) ? Required(split) : null;
}
