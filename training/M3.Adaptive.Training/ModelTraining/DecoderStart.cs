using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// What the decoder is before it learns. Attention is a copy of what it looks at (output projections undo value projections), and some
/// heads of the first layers look for the visual token nearest to the name which is read: with them, inventories form within 250 steps,
/// without them none was right by then.
/// </summary>
internal static class DecoderStart
{
    private const double Copy = 1.5;
    private const double EmbeddingScale = 0.05;  // tied embeddings begin small: rows of unit length would saturate the head
    private const double TextMark = 0.4;         // length, of a row's 0.85

    private const int FindingLayers = 2;
    private const int FindingHeads = 2;          // in each of them
    private const double FindingGain = 2.3;      // a token near the name outdoes the others by about 10 in the exponent
    private const double VisualGain = 2.16;      // every visual token outdoes text by about 16: a name is most like itself
    private const double StillTurn = 2e-3;       // radians a position: slower frequencies hardly turn between a question and its picture

    public static void Set(M3Model model)
    {
        using var frozen = no_grad();
        var weights = model.Language.named_parameters().ToDictionary(pair => pair.name, pair => (Tensor)pair.parameter);
        var marks = FixedDirections.Of(model.Config.Language.HiddenSize);
        weights["embed_tokens.weight"].mul_(EmbeddingScale).add_(TextMark * marks.Text.to(weights["embed_tokens.weight"].device));
        for (var layer = 0; layer < model.Config.Language.LayerCount; layer++)
        {
            Tensor Projection(string of) => weights[$"layers.{layer}.self_attn.{of}_proj.weight"];
            Projection("o").copy_(Projection("v").transpose(0, 1) * Copy);
            Projection("k").copy_(Projection("q"));                               // "look for what is like you"
            if (layer < FindingLayers) Find(model.Config.Language, marks, Projection("q"), Projection("k"));
        }
    }

    /// <summary>Keys as queries, in the frequencies that stand still, and a bonus from text to visual tokens in the slowest of them.</summary>
    private static void Find(LanguageConfig config, FixedDirections marks, Tensor queries, Tensor keys)
    {
        var (size, half) = (config.HeadSize, config.HeadSize / 2);
        var still = Enumerable.Range(0, half).First(pair => Math.Pow(config.RopeTheta, -2.0 * pair / size) < StillTurn);
        for (var head = 0; head < FindingHeads; head++)
        {
            var like = randn(size, config.HiddenSize) * (FindingGain / Math.Sqrt(config.HiddenSize));     // [D, C]
            var used = zeros(size, 1);
            foreach (var row in Enumerable.Range(still, half - 1 - still)) (used[row], used[row + half]) = (tensor(1f), tensor(1f));
            var slowest = zeros(size, 1);
            slowest[half - 1] = tensor(1f);
            queries.narrow(0, head * size, size).copy_(like * used + VisualGain * slowest * marks.Text);
            keys.narrow(0, head * size, size).copy_(like * used + VisualGain * slowest * marks.Visual);
        }
    }
}
