using M3.Adaptive.Core;
using M3.Adaptive.Model.Network;

namespace M3.Adaptive.Model.Costs;

/// <summary>
/// FLOPs and bytes of the decoder, a pure function of its shape. Attention counts every (new position, position) pair, masked or
/// not, as the paper's cost table does (arXiv 2405.17430, table 9); norms, activations and the embedding's look-up count nothing.
/// </summary>
/// <param name="config">Shape of the decoder.</param>
/// <param name="elementBytes">Bytes of one weight and of one cached number: 4 in float32, 2 in half precision.</param>
public sealed class LanguageCost(LanguageConfig config, int elementBytes = sizeof(float))
{
    /// <summary>Weights of all blocks that a token is multiplied with.</summary>
    public long BlockParameters { get; } = config.LayerCount * BlockWeights(config);

    /// <summary>Weights of the output head.</summary>
    public long HeadParameters { get; } = (long)config.VocabularySize * config.HiddenSize;

    /// <summary>Bytes of keys and values that one position keeps.</summary>
    public long CacheBytesPerToken { get; } = 2L * config.LayerCount * config.KeyValueHeadCount * config.HeadSize * elementBytes;

    /// <summary>
    /// A whole answer: prefill of the text and the visual tokens behind a prefix whose keys and values are there already, then one
    /// pass for each further token. The last token is never fed back.
    /// </summary>
    /// <param name="scale">Visual tokens.</param>
    /// <param name="textTokens">Text tokens of the prompt, the reused prefix among them.</param>
    /// <param name="newTokens">Tokens generated; at least 1.</param>
    /// <param name="reused">Positions at the start whose keys and values are not computed again.</param>
    public Work Answer(VisualScale scale, int textTokens, int newTokens, int reused = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(newTokens, 1);
        var prompt = textTokens + scale.Tokens;
        var work = Pass(reused, prompt - reused);
        for (var position = prompt; position < prompt + newTokens - 1; position++) work += Pass(position, 1);
        return work;
    }

    /// <summary>One pass over <paramref name="tokens"/> positions behind <paramref name="cached"/> ones, and the head once.</summary>
    public Work Pass(int cached, int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cached);
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        var slots = cached + (double)tokens;
        return new Work(
            Flops: (2.0 * BlockParameters * tokens) + (AttentionFlops * tokens * slots) + (2.0 * HeadParameters),
            Bytes: ((double)(BlockParameters + HeadParameters) * elementBytes) + (CacheBytesPerToken * slots));
    }

    /// <summary>Scores and weighted sum of one (query, key) pair in all blocks and heads.</summary>
    private double AttentionFlops => 4.0 * config.LayerCount * config.HeadCount * config.HeadSize;

    private static long BlockWeights(LanguageConfig config)
    {
        long C = config.HiddenSize, queries = config.HeadCount * config.HeadSize, keys = config.KeyValueHeadCount * config.HeadSize;
        return (C * queries) + (2 * C * keys) + (queries * C) + (3 * C * config.IntermediateSize);
    }
}
