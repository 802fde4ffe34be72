using M3.Adaptive.Training.DataGeneration;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// Some of a picture's finest tokens, anchors and those that show text first: reading is learnt from them at a fraction of the full picture's
/// price, and attention finds a character among 36 tokens long before it does among 576. They keep their order and say their places themselves.
/// </summary>
internal static class TextSample
{
    /// <summary>Whether so many tokens show each thing and character of the picture.</summary>
    public static bool Holds(StoredScene scene, int tokens) => scene.Anchor.Count(anchor => anchor) <= tokens;

    /// <summary>Anchors, then patches that show characters, as many as fit, and others at random; ascending.</summary>
    public static long[] Draw(StoredScene scene, int tokens, SeededRandom random)
    {
        var patches = Enumerable.Range(0, DenseHeads.Patches).Select(n => (long)n).ToArray();
        random.Shuffle(patches);
        var ranked = patches.ToLookup(n => scene.Anchor[n] ? 0 : scene.CharacterIndex[n] >= 0 ? 1 : 2);
        return [.. ranked[0].Concat(ranked[1]).Concat(ranked[2]).Take(tokens).Order()];
    }

    /// <param name="features">[B, 576, C]</param>
    /// <param name="samples">One a picture.</param>
    /// <returns>[B, tokens, C]</returns>
    public static Tensor Take(Tensor features, IReadOnlyList<long[]> samples) =>
        features.gather(1, tensor([.. samples.SelectMany(patches => patches)]).reshape(samples.Count, -1, 1).to(features.device).expand(-1, -1, features.shape[2]));
}
