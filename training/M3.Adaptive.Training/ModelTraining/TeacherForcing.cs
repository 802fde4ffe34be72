using System.Text;
using M3.Adaptive.Core;
using M3.Adaptive.Model.Network;
using M3.Adaptive.Model.Tokenizer;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Accuracy per family and scale, exact under greedy decoding.</summary>
internal sealed record ValidationReport(IReadOnlyDictionary<string, double> Values, string Table);

/// <summary>Scores all questions of a picture at a scale in one forward pass.</summary>
internal static class TeacherForcing
{
    public static ValidationReport Evaluate(
        M3Model model, VicunaPrompt prompt, FeatureStore store, TokenizedQuestion[][] questions, LanguageRecipe recipe, Device device)
    {
        var prefix = prompt.Prefix.ToArray();
        var counts = new SortedDictionary<string, (int Right, int Asked)[]>(StringComparer.Ordinal);
        int[] asked = [.. Enumerable.Range(0, questions.Length).Where(i => questions[i].Length > 0)];
        var batches = (from pictures in asked.Chunk(recipe.Batch) from scale in VisualScale.All select (pictures, scale)).ToArray();
        Workers.Run(recipe.Workers, worker =>
        {
            using var frozen = no_grad();
            foreach (var (pictures, scale) in batches.Where((_, i) => i % recipe.Workers == worker))
            {
                using var scope = NewDisposeScope();
                var packed = PackedQuestions.Of([.. pictures.Select(i => questions[i])], prefix, scale, recipe.Arithmetic, device);
                var features = store.Load(pictures).to(device).to(recipe.Arithmetic);
                var right = PackedForward.Right(PackedForward.LogProbabilities(model, features, scale, recipe.Pooling, packed), packed);
                lock (counts)
                {
                    for (var q = 0; q < right.Length; q++) Count(packed.Questions[q].Family, scale, right[q]);
                }
            }
        });

        return Report(counts);

        void Count(string family, VisualScale scale, bool right)
        {
            if (!counts.TryGetValue(family, out var row)) counts[family] = row = new (int, int)[VisualScale.All.Count];
            row[scale.Rung] = (row[scale.Rung].Right + (right ? 1 : 0), row[scale.Rung].Asked + 1);
        }
    }

    private static ValidationReport Report(SortedDictionary<string, (int Right, int Asked)[]> counts)
    {
        var values = new Dictionary<string, double>();
        var table = new StringBuilder($"{"family",-16}{string.Concat(VisualScale.All.Select(scale => $"{scale,8}"))}{"asked",8}\n");
        foreach (var (family, row) in counts)
        {
            table.Append($"{family,-16}{string.Concat(row.Select(cell => $"{Share(cell),8:F3}"))}{row[0].Asked,8}\n");
            foreach (var scale in VisualScale.All) values[$"{family} @{scale}"] = Share(row[scale.Rung]);
        }

        return new(values, table.ToString());

        static double Share((int Right, int Asked) cell) => cell.Asked == 0 ? double.NaN : cell.Right / (double)cell.Asked;
    }
}
