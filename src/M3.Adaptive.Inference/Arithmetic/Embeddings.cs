using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>The decoder's input of one chunk.</summary>
internal static class Embeddings
{
    /// <returns>float32, [T, C], in the open dispose scope.</returns>
    public static Tensor Of(LanguageModel language, PrefillChunk chunk)
    {
        if (chunk.Text.IsEmpty) return chunk.Visual!;                             // a chunk has one of the two
        var text = language.Embed(tensor(Array.ConvertAll(chunk.Text.ToArray(), static id => (long)id))).to(ScalarType.Float32);   // [T, C]
        return chunk.Visual is null ? text : cat([chunk.Visual, text], 0);
    }
}
