using M3.Adaptive.Core;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Tests.Engine;

/// <summary>Greedy generation without any cache: every token recomputes the whole sequence. The oracle of the engine's answers.</summary>
internal static class PlainDecoder
{
    public static List<int> Answer(LoadedModel loaded, float[]? pixels, VisualScale scale, int[] suffix, int newTokens)
    {
        var answer = new List<int>();
        while (answer.Count < newTokens && !answer.Contains(loaded.Config.EosTokenId))
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            var language = loaded.Model.Language;
            var text = Embed([.. suffix, .. answer]);
            var side = loaded.Config.Vision.ImageSize;
            var embeddings = pixels is null
                ? cat([Embed([.. loaded.Prompt.Prefix.Span]), text], 1)
                : cat([Embed([.. loaded.Prompt.Prefix.Span]), TokenPooling.Reduce(loaded.Model.Encode(tensor(pixels, [1, 3, side, side])), scale, TokenPooling.Parse(loaded.Config.Pooling)), text], 1);
            var positions = arange(0, embeddings.shape[1], ScalarType.Int64).unsqueeze(0);
            var logits = language.Head(language.Forward(embeddings, positions, null, null))[0, -1];
            answer.Add((int)logits.argmax().item<long>());

            Tensor Embed(int[] ids) => language.Embed(tensor(Array.ConvertAll(ids, static id => (long)id)).unsqueeze(0));
        }

        return answer;
    }
}
