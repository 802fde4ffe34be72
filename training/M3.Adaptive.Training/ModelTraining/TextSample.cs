using M3.Adaptive.Training.DataGeneration;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// Some of a picture's finest tokens, those that show text first: reading is learnt from them at a fraction of the full picture's
/// price, and attention finds a character among 36 tokens long before it does among 576. They keep their order and say their places themselves.
/// </summary>
internal static class TextSample
{
    /// <summary>Patches that show characters, as many as fit, and others at random; ascending.</summary>
    public static long[] Draw(StoredScene scene, int tokens, SeededRandom random)
    {
        var patches = Enumerable.Range(0, DenseHeads.Patches).Select(n => (long)n).ToArray();
        random.Shuffle(patches);
        return [.. patches.OrderByDescending(n => scene.CharacterIndex[n] >= 0).Take(tokens).Order()];      // a stable sort
    }

    /// <param name="features">[B, 576, C]</param>
    /// <param name="samples">One a picture.</param>
    /// <returns>[B, tokens, C]</returns>
    public static Tensor Take(Tensor features, IReadOnlyList<long[]> samples) =>
        stack([.. samples.Select((patches, b) => features[b].index_select(0, tensor(patches).to(features.device)))], 0);
}
