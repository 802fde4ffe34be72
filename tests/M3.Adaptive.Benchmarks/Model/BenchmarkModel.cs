using M3.Adaptive.Core;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Benchmarks.Model;

/// <summary>A random network and the passes that an answer consists of, timed.</summary>
internal sealed class BenchmarkModel : IDisposable
{
    private readonly ModelConfig _config;
    private readonly M3Model _model;
    private readonly Tensor _pixels, _projected;

    public BenchmarkModel(ModelConfig config)
    {
        _config = config;
        _model = new M3Model(config);
        _pixels = randn(1, 3, config.Vision.ImageSize, config.Vision.ImageSize);
        _projected = randn(1, VisualScale.Finest.Tokens, config.Language.HiddenSize);
    }

    /// <summary>Seconds of <c>encode</c>, and of <c>prefillS</c> and one step <c>decodeS</c> at each scale S.</summary>
    public IEnumerable<(string Name, double Seconds)> Measure(int prefixTokens, int suffixTokens, int steps)
    {
        yield return ("encode", Timed(() => _model.Encode(_pixels)));
        using var prefix = new KvCache(_config.Language, prefixTokens);
        Timed(() => Pass(prefix, Text(prefixTokens)));
        foreach (var scale in VisualScale.All)
        {
            using var cache = prefix.Fork(_config.Language, prefixTokens + scale.Tokens + suffixTokens + steps);
            yield return ($"prefill{scale}", Timed(() => Pass(cache, cat([TokenPooling.Reduce(_projected, scale), Text(suffixTokens)], 1))));
            yield return ($"decode{scale}", Enumerable.Range(0, steps).Min(_ => Timed(() => Pass(cache, Text(1)))));
        }
    }

    public void Dispose()
    {
        _projected.Dispose();
        _pixels.Dispose();
        _model.Dispose();
    }

    private Tensor Text(int tokens) => _model.Language.Embed(ones([1, tokens], ScalarType.Int64));

    // One pass and the logits of its last position, as the engine does them.
    private void Pass(KvCache cache, Tensor embeddings)                           // [1, T, C]
    {
        var T = embeddings.shape[1];
        var positions = arange(cache.Length, cache.Length + T, ScalarType.Int64).unsqueeze(0);
        var hidden = _model.Language.Forward(embeddings, positions, null, cache);
        _model.Language.Head(hidden.narrow(1, T - 1, 1)).data<float>().ToArray();
    }

    private static double Timed(Action pass) => Clock.Seconds(() =>
    {
        using var scope = NewDisposeScope();
        pass();
    });
}
