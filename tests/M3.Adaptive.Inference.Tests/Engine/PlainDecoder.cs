using M3.Adaptive.Core;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Tests.Engine;

/// <summary>The network without any cache: every token recomputes the whole sequence. The oracle of the engine's answers.</summary>
internal static class PlainDecoder
{
    /// <summary>Greedy generation.</summary>
    public static List<int> Answer(LoadedModel loaded, float[]? pixels, VisualScale scale, int[] suffix, int newTokens)
    {
        var answer = new List<int>();
        while (answer.Count < newTokens && !answer.Contains(loaded.Config.EosTokenId))
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            answer.Add((int)Logits(loaded, pixels, scale, [.. suffix, .. answer])[-1].argmax().item<long>());
        }

        return answer;
    }

    /// <summary>Natural logarithm of an answer's probability.</summary>
    public static double Score(LoadedModel loaded, float[] pixels, VisualScale scale, int[] suffix, int[] answer)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var behind = Logits(loaded, pixels, scale, [.. suffix, .. answer]).log_softmax(-1);   // [T, V]
        return answer.Select((token, i) => behind[behind.shape[0] - 1 - answer.Length + i, token].item<float>()).Sum(static one => (double)one);
    }

    // [T, V], in the open scope.
    private static Tensor Logits(LoadedModel loaded, float[]? pixels, VisualScale scale, int[] behind)
    {
        var (language, side) = (loaded.Model.Language, loaded.Config.Vision.ImageSize);
        var embeddings = pixels is null
            ? cat([Embed([.. loaded.Prompt.Prefix.Span]), Embed(behind)], 1)
            : cat([Embed([.. loaded.Prompt.Prefix.Span]), TokenPooling.Reduce(loaded.Model.Encode(tensor(pixels, [1, 3, side, side])), scale, TokenPooling.Parse(loaded.Config.Pooling)), Embed(behind)], 1);
        var positions = arange(0, embeddings.shape[1], ScalarType.Int64).unsqueeze(0);
        return language.Head(language.Forward(embeddings, positions, null, null))[0];

        Tensor Embed(int[] ids) => language.Embed(tensor(Array.ConvertAll(ids, static id => (long)id)).unsqueeze(0));
    }
}
