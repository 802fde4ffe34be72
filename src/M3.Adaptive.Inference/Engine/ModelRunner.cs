using M3.Adaptive.Core;
using M3.Adaptive.Inference.Sampling;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Costs;
using M3.Adaptive.Model.Network;
using M3.Adaptive.Model.Tokenizer;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Engine;

/// <summary>
/// The network's passes, one sequence at a time: plain on purpose, other engines are checked against it. Every call comes from
/// the thread that owns the model; no tensor outlives a call but those that are handed out.
/// </summary>
internal sealed class ModelRunner(LoadedModel loaded, TimeProvider time)
{
    private static readonly VisualScale WarmUpScale = VisualScale.Of(144);
    private static readonly DecodingOptions WarmUpDecoding = new() { MaxNewTokens = 1 };

    private readonly M3Model _model = loaded.Model;
    private readonly LanguageCost _cost = new(loaded.Config.Language);

    /// <summary>Longest sequence, prompt and answer together.</summary>
    public int Context { get; } = Math.Min(loaded.Config.MaxLength, loaded.Config.Language.MaxPositions);

    /// <summary>What the passes so far say about the time of further ones.</summary>
    public SpeedEstimate Speed { get; } = new();

    /// <param name="pixels">Normalised, [3, S, S].</param>
    /// <returns>The finest visual tokens, [1, 576, C]; the caller's.</returns>
    public Tensor Encode(float[] pixels)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var side = loaded.Config.Vision.ImageSize;
        // A copy lies where libtorch aligns it; tensor() keeps the array's own memory, and MKL's products are rounded by how that is aligned.
        return _model.Encode(tensor(pixels, [1, 3, side, side]).clone()).DetachFromDisposeScope();
    }

    /// <summary>Keys and values of text at the start of prompts; the caller's.</summary>
    public KvCache Begin(ReadOnlySpan<int> ids)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var cache = new KvCache(loaded.Config.Language, Math.Max(1, ids.Length));
        if (ids.Length > 0) Forward(Embed(ids), cache);
        return cache;
    }

    /// <summary>A start that ends with the image, for several questions about it; the caller's.</summary>
    /// <param name="image">Start and image; no text behind it.</param>
    public Prompt BeginImage(Prompt image)
    {
        var start = time.GetTimestamp();
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var cache = image.Start.Fork(loaded.Config.Language, image.Length);
        Forward(TokenPooling.Reduce(image.Projected!, image.Scale, image.Pooling), cache);
        return new Prompt { Start = cache, Started = new(image.Scale, time.GetElapsedTime(start).TotalSeconds), Suffix = [] };
    }

    /// <summary>
    /// Prefill of what the start does not hold, then one pass a token, until the model ends its answer, the answer is as long as
    /// it may be or the context is full. Leaving the enumeration frees the sequence's cache.
    /// </summary>
    /// <exception cref="ContextLengthException">The prompt leaves no position for an answer.</exception>
    public IEnumerable<TokenEvidence> Answer(Prompt prompt, DecodingOptions decoding)
    {
        if (prompt.Length >= Context) throw new ContextLengthException(prompt.Length + 1, Context);
        using var cache = prompt.Start.Fork(loaded.Config.Language, Math.Min(Context, prompt.Length + decoding.MaxNewTokens));
        var sampler = new Sampler(decoding);
        var text = new AnswerText(loaded.Tokenizer);
        var finish = FinishReason.None;
        var token = -1;
        for (var count = 1; finish == FinishReason.None; count++)
        {
            var (held, start, visualTokens, seconds) = (cache.Length, time.GetTimestamp(), 0, 0.0);
            if (count == 1) (held, visualTokens, seconds) = (held - prompt.StartedTokens, prompt.StartedTokens + prompt.Scale.Tokens, prompt.Started?.Seconds ?? 0);
            var logits = count == 1 ? Prefill(prompt, cache) : Step(token, cache);
            var next = NextToken.Of(logits);
            token = sampler.Choose(logits, next);
            if (token == loaded.Config.EosTokenId) finish = FinishReason.EndOfSequence;
            else if (count == decoding.MaxNewTokens || cache.Length == Context) finish = FinishReason.Length;

            var added = text.Add(token) + (finish == FinishReason.None ? "" : text.Finish());
            var charged = Charge(held, cache.Length - held, visualTokens, seconds + time.GetElapsedTime(start).TotalSeconds);
            yield return new TokenEvidence(token, added, next.LogProbability(logits[token]), next.Margin, next.Entropy, finish, charged);
        }
    }

    /// <summary>First passes, which start threads and fill pools, and teach <see cref="Speed"/> what passes take here.</summary>
    /// <param name="prefix">Behind which to run.</param>
    public void WarmUp(KvCache prefix)
    {
        using var blank = zeros(1, VisualScale.Finest.Tokens, loaded.Config.Language.HiddenSize);
        int[] suffix = [loaded.Config.EosTokenId];
        var text = new Prompt { Start = prefix, Suffix = suffix };                // one token: a decoding step
        var image = text with { Projected = blank, Scale = WarmUpScale };
        foreach (var prompt in ((Prompt[])[image, text, text, image]).Where(prompt => prompt.Length < Context))
        {
            foreach (var _ in Answer(prompt, WarmUpDecoding)) ;
        }
    }

    private float[] Prefill(Prompt prompt, KvCache cache)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var text = Embed(prompt.Suffix);                                          // [1, T, C]
        return prompt.Projected is null
            ? Logits(text, cache)
            : Logits(cat([TokenPooling.Reduce(prompt.Projected, prompt.Scale, prompt.Pooling), text], 1), cache);
    }

    private float[] Step(int token, KvCache cache)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return Logits(Embed([token]), cache);
    }

    /// <returns>Of the token behind the last position, [V].</returns>
    private float[] Logits(Tensor embeddings, KvCache cache)                      // [1, T, C]
    {
        var hidden = Forward(embeddings, cache);                                  // [1, T, C]
        return _model.Language.Head(hidden.narrow(1, hidden.shape[1] - 1, 1)).reshape(-1).data<float>().ToArray();
    }

    private Tensor Forward(Tensor embeddings, KvCache cache)
    {
        var positions = arange(cache.Length, cache.Length + embeddings.shape[1], ScalarType.Int64).unsqueeze(0);   // [1, T]
        return _model.Language.Forward(embeddings, positions, null, cache);
    }

    private Tensor Embed(ReadOnlySpan<int> ids)
    {
        var wide = new long[ids.Length];
        for (var i = 0; i < ids.Length; i++) wide[i] = ids[i];
        return _model.Language.Embed(tensor(wide).unsqueeze(0));                  // [1, T, C]
    }

    private Cost Charge(int held, int tokens, int visualTokens, double seconds)
    {
        var work = _cost.Pass(held, tokens);
        if (tokens == 1) Speed.ObserveDecode(work, seconds);
        else Speed.ObservePrefill(work, seconds);
        return new Cost(visualTokens, work.Flops, seconds);
    }
}
