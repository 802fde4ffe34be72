using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>
/// Prefill of many positions by libtorch's products: the chunks' rows lie behind each other and go through the products together; attention is a
/// chunk's own. What lies between products is the kernels'; the stream that blocks add to stays in float32.
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
        var rows = chunks.Sum(static chunk => chunk.Length);
        var input = new KernelInput(decoder, config, rows);
        foreach (var chunk in chunks) input.Add(chunk);
        Attended[] attended = [.. chunks.Select(chunk => new Attended(chunk.Sequence, chunk.Length, config, type))];
        var normed = empty([rows, config.HiddenSize], type);
        for (var layer = 0; layer < _layers.Length; layer++) Run(layer, input.Stream, rows, attended, normed);
        input.CopyLogits(decoder.Logits(input.Wanted));
        weights.KeepAlive();
    }

    public void Dispose() => kernels.Dispose();

    private void Run(int layer, nint stream, int rows, Attended[] chunks, Tensor normed)
    {
        using var scope = NewDisposeScope();
        var (block, norms) = (_layers[layer], weights.Layers[layer]);
        kernels.Norm(stream, norms.InputNorm, rows, Address(normed));
        Tensor query = Product(normed, block.Query), key = Product(normed, block.Key), value = Product(normed, block.Value);   // [T, H * D] each
        var at = 0;
        foreach (var chunk in chunks)
        {
            kernels.Heads(
                layer, chunk.First, chunk.Rows, Address(query, at), Address(key, at), Address(value, at), Address(chunk.Queries), chunk.Behind);
            at += chunk.Rows;
        }

        Tensor[] mixed = [.. chunks.Select(chunk => chunk.Mix(layer))];           // [T, H * D] each
        kernels.Add(stream, Address(Product(mixed.Length == 1 ? mixed[0] : cat(mixed, 0), block.Output)), rows);
        kernels.Norm(stream, norms.PostNorm, rows, Address(normed));
        Tensor gate = Product(normed, block.Gate), up = Product(normed, block.Up);   // [T, F] each
        kernels.Gate(Address(gate), Address(up), rows);
        kernels.Add(stream, Address(Product(gate, block.Down)), rows);
    }

    private Tensor Product(Tensor x, Tensor weight) => nn.functional.linear(x, weight.to(type));

    private static nint Address(Tensor tensor, int row = 0) =>
        KernelWeights.Address(tensor) + (row == 0 ? 0 : (nint)(row * tensor.shape[^1] * tensor.element_size()));
}
