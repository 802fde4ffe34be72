using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Benchmarks.Peers;

/// <summary>A decoder of ours as a GGUF file of llama.cpp's architecture "llama", without a vocabulary.</summary>
internal static class GgufModel
{
    public static void Write(string path, LanguageModel model, LanguageConfig config, GgufType type) => GgufFile.Write(
        path,
        [
            ("general.architecture", "llama"),
            ("general.name", "random"),
            ("llama.block_count", (uint)config.LayerCount),
            ("llama.context_length", (uint)config.MaxPositions),
            ("llama.embedding_length", (uint)config.HiddenSize),
            ("llama.feed_forward_length", (uint)config.IntermediateSize),
            ("llama.attention.head_count", (uint)config.HeadCount),
            ("llama.attention.head_count_kv", (uint)config.KeyValueHeadCount),
            ("llama.attention.layer_norm_rms_epsilon", config.RmsNormEps),
            ("llama.rope.dimension_count", (uint)config.HeadSize),
            ("llama.rope.freq_base", (float)config.RopeTheta),
            ("llama.vocab_size", (uint)config.VocabularySize),
            ("tokenizer.ggml.model", "none"),
        ],
        [.. Tensors(model, config, type)]);

    private static IEnumerable<GgufTensor> Tensors(LanguageModel model, LanguageConfig config, GgufType type)
    {
        yield return Matrix("token_embd.weight", model.EmbeddingWeight);
        yield return Vector("output_norm.weight", model.NormWeight);
        yield return Matrix("output.weight", model.HeadWeight);
        foreach (var (layer, block) in model.Layers.Index())
        {
            yield return Vector($"blk.{layer}.attn_norm.weight", block.InputNorm);
            yield return Matrix($"blk.{layer}.attn_q.weight", block.Query, config.HeadCount);
            yield return Matrix($"blk.{layer}.attn_k.weight", block.Key, config.KeyValueHeadCount);
            yield return Matrix($"blk.{layer}.attn_v.weight", block.Value);
            yield return Matrix($"blk.{layer}.attn_output.weight", block.Output);
            yield return Vector($"blk.{layer}.ffn_norm.weight", block.PostNorm);
            yield return Matrix($"blk.{layer}.ffn_gate.weight", block.Gate);
            yield return Matrix($"blk.{layer}.ffn_up.weight", block.Up);
            yield return Matrix($"blk.{layer}.ffn_down.weight", block.Down);
        }

        // Norms are always in float32 there.
        GgufTensor Vector(string name, Tensor weight) => new(name, 1, (int)weight.shape[0], Values(weight), GgufType.F32);

        // llama.cpp turns neighbouring channels of a head, ours turns halves: rows of queries and keys change places.
        GgufTensor Matrix(string name, Tensor weight, int turnedHeads = 0)
        {
            using var scope = NewDisposeScope();
            var (rows, columns) = ((int)weight.shape[0], (int)weight.shape[1]);
            var placed = turnedHeads == 0
                ? weight
                : weight.reshape(turnedHeads, 2, rows / turnedHeads / 2, columns).transpose(1, 2).reshape(rows, columns);
            return new(name, rows, columns, Values(placed), type);
        }
    }

    private static float[] Values(Tensor weight)
    {
        using var plain = weight.detach().to(ScalarType.Float32).contiguous();
        return plain.data<float>().ToArray();
    }
}
