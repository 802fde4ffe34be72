using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Model.Network;

/// <summary>Llama 2's decoder (Vicuna-7B v1.5 in the published checkpoints): token embeddings in, final hidden states out.</summary>
/// <remarks>Tensor keys: <c>embed_tokens.weight</c>, <c>layers.N.*</c>, <c>norm.weight</c>, <c>lm_head.weight</c> (absent when tied).</remarks>
public sealed class LanguageModel : Module
{
    /// <summary>
    /// New positions that go through all blocks together where a cache keeps what they leave, so that what a block holds beside the cache does
    /// not grow with the prompt: 40 MB less of 950 at 576 visual tokens of a 100-million-parameter model, for 3 to 6 % of the prefill's time.
    /// </summary>
    private const int PositionsAtOnce = 256;

    private readonly Embedding _embedding;
    private readonly ModuleList<DecoderBlock> _blocks;
    private readonly RmsNorm _norm;
    private readonly Linear? _head;
    private readonly LanguageConfig _config;

    /// <param name="config">Its shape.</param>
    /// <param name="device">Where the weights lie; null: in memory.</param>
    public LanguageModel(LanguageConfig config, Device? device = null) : base(nameof(LanguageModel))
    {
        _config = config;
        _embedding = Embedding(config.VocabularySize, config.HiddenSize, device: device);
        _blocks = ModuleList(Enumerable.Range(0, config.LayerCount).Select(layer => new DecoderBlock(config, layer, device)).ToArray());
        _norm = new RmsNorm(config.HiddenSize, config.RmsNormEps, device);
        _head = config.TieWordEmbeddings ? null : Linear(config.HiddenSize, config.VocabularySize, false, device);
        register_module("embed_tokens", _embedding);
        register_module("layers", _blocks);
        register_module("norm", _norm);
        if (_head is not null) register_module("lm_head", _head);
    }

    /// <summary>The blocks' weights, in the order in which they run.</summary>
    public IEnumerable<DecoderLayer> Layers => _blocks.Select(static block => block.Weights);

    /// <summary>Rows of the tokens' embeddings, [V, C].</summary>
    public Tensor EmbeddingWeight => _embedding.weight!;

    /// <summary>Weight of the norm behind the last block, [C].</summary>
    public Tensor NormWeight => _norm.Weight;

    /// <summary>Rows of the output head, [V, C]; the embedding's where they are tied.</summary>
    public Tensor HeadWeight => _head is null ? _embedding.weight! : _head.weight!;

    /// <param name="ids">int64, [B, T]</param>
    /// <returns>[B, T, C]</returns>
    public Tensor Embed(Tensor ids) => _embedding.call(ids);

    /// <param name="embeddings">Text and visual tokens, [B, T, C].</param>
    /// <param name="positions">int64, [B, T], behind what came before.</param>
    /// <param name="mask">Added to the scores, broadcast over [B, H, T, S]; null: causal.</param>
    /// <param name="before">Held positions are seen and the T new ones are added; null: nothing came before.</param>
    /// <returns>Hidden states after the final norm, [B, T, C].</returns>
    public Tensor Forward(Tensor embeddings, Tensor positions, Tensor? mask, KvCache? before)
    {
        Shape.Expect(embeddings.shape, [-1, -1, _config.HiddenSize]);
        Shape.Expect(positions.shape, [-1, embeddings.shape[1]]);
        var T = embeddings.shape[1];
        if (before is not null && mask is null && T > PositionsAtOnce)
        {
            var parts = new List<Tensor>();
            for (long at = 0; at < T; at += PositionsAtOnce)
            {
                var some = Math.Min(PositionsAtOnce, T - at);
                parts.Add(Forward(embeddings.narrow(1, at, some), positions.narrow(1, at, some), null, before));
            }

            return cat(parts, 1);
        }

        var pass = new DecoderPass(
            Rotary.Angles(positions, _config.HeadSize, _config.RopeTheta, embeddings.dtype),
            mask ?? CausalMask(T, before?.Length ?? 0, embeddings.dtype, embeddings.device),
            before);

        var x = embeddings;
        foreach (var block in _blocks)
        {
            using var scope = NewDisposeScope();                                  // what a block held is let go before the next one begins
            var next = block.call(x, pass).MoveToOuterDisposeScope();
            if (!ReferenceEquals(x, embeddings)) x.Dispose();
            x = next;
        }

        before?.Advance(T);
        return Norm(x);
    }

    /// <summary>The final norm alone: what the head expects of any vector of the decoder's width, [..., C].</summary>
    public Tensor Norm(Tensor x) => _norm.call(x);

    /// <param name="hidden">[..., C], from <see cref="Forward"/>.</param>
    /// <returns>Logits, [..., V].</returns>
    public Tensor Head(Tensor hidden) => functional.linear(hidden, HeadWeight.to(hidden.dtype));

    /// <summary>Each of T positions sees the <paramref name="held"/> before and itself; null for a single one, which sees all.</summary>
    private static Tensor? CausalMask(long T, int held, ScalarType dtype, Device device) => T == 1
        ? null
        : full([T, held + T], HeldNumbers.NegativeInfinity, dtype, device).triu(held + 1);   // [T, S]
}
