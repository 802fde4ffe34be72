using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>
/// Prefill of many positions by libtorch's products: the chunks' rows lie behind each other and go through the products together. What lies between
/// products is the kernels', attention too, which needs neither masks nor copies there. The stream that blocks add to stays in float32.
/// </summary>
/// <param name="type">Of the products: BFloat16 or Float32. Weights of another type are converted block by block.</param>
internal sealed class PackedPasses(LanguageModel model, LanguageConfig config, KernelWeights weights, IDecoderKernels decoder, IPackedKernels kernels, ScalarType type)
    : IDisposable
{
    private readonly DecoderLayer[] _layers = [.. model.Layers.Take(config.LayerCount)];

    public void Prefill(IReadOnlyList<PrefillChunk> chunks)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var input = new KernelInput(decoder, config, chunks.Sum(static chunk => chunk.Length));
        foreach (var chunk in chunks) input.Add(chunk);
        var rows = new PassRows(input.Rows);
        var normed = empty([rows.Count, config.HiddenSize], type);
        kernels.Norm(input.Stream, weights.Layers[0].InputNorm, rows.Count, Address(normed));
        for (var layer = 0; layer < _layers.Length; layer++) Run(layer, input.Stream, rows, normed);
        input.CopyLogits(decoder.Logits(input.Wanted));
        weights.KeepAlive();
    }

    public void Dispose() => kernels.Dispose();

    // The norm that a block begins with is the end of the one before.
    private void Run(int layer, nint stream, PassRows rows, Tensor normed)
    {
        using var scope = NewDisposeScope();
        var (block, norms) = (_layers[layer], weights.Layers[layer]);
        Tensor query = Product(normed, block.Query), key = Product(normed, block.Key), value = Product(normed, block.Value);   // [T, H * D] each
        kernels.Attend(layer, rows, Address(query), Address(key), Address(value));
        kernels.Add(stream, Address(Product(query, block.Output)), norms.PostNorm, rows.Count, Address(normed));
        Tensor gate = Product(normed, block.Gate), up = Product(normed, block.Up);   // [T, F] each
        kernels.Gate(Address(gate), Address(up), rows.Count);
        var next = layer + 1 < _layers.Length ? weights.Layers[layer + 1].InputNorm : 0;
        kernels.Add(stream, Address(Product(gate, block.Down)), next, rows.Count, Address(normed));
    }

    private Tensor Product(Tensor x, Tensor weight) => nn.functional.linear(x, weight.to(type));

    private static nint Address(Tensor tensor) => KernelWeights.Address(tensor);
}
