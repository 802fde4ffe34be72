using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Data parallelism on one processor: each worker runs forward and backward on its share of a batch, with a copy of the weights.</summary>
/// <remarks>The first replica leads: the optimizer steps it, and the others take over its weights before each step.</remarks>
internal sealed class Replicas
{
    private readonly nn.Module[][] _replicas;

    /// <param name="replicas">The modules of each, in the same order and shapes.</param>
    public Replicas(IEnumerable<nn.Module[]> replicas) => _replicas = [.. replicas];

    public int Count => _replicas.Length;

    /// <summary>Leaves the mean of the workers' gradients and running statistics in the first replica.</summary>
    /// <param name="backward">Run by every worker with its number: forward and backward on its share; returns the loss.</param>
    /// <returns>The mean loss.</returns>
    public double Step(Func<int, double> backward)
    {
        for (var i = 1; i < Count; i++) Follow(i);
        var losses = new double[Count];
        Workers.Run(Count, i => losses[i] = backward(i));
        if (Count > 1) Gather();
        return losses.Average();
    }

    private void Follow(int replica)
    {
        using var frozen = no_grad();
        foreach (var (module, leader) in _replicas[replica].Zip(_replicas[0]))
        {
            foreach (var (mine, theirs) in module.parameters().Zip(leader.parameters())) mine.copy_(theirs);
            foreach (var (mine, theirs) in module.buffers().Zip(leader.buffers())) mine.copy_(theirs);
            module.zero_grad();
        }
    }

    private void Gather()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var modules in _replicas[0].Select((_, m) => _replicas.Select(replica => replica[m]).ToArray()))
        {
            Mean(modules, module => module.parameters().Select(parameter => parameter.grad));
            Mean(modules, module => module.buffers().Select(buffer => buffer.is_floating_point() ? buffer : null));
        }
    }

    /// <summary>Into the first module's tensors; null where there is none, alike in all.</summary>
    private static void Mean(nn.Module[] modules, Func<nn.Module, IEnumerable<Tensor?>> tensors)
    {
        var columns = modules.Select(module => tensors(module).ToArray()).ToArray();
        for (var t = 0; t < columns[0].Length; t++)
        {
            if (columns[0][t] is not { } sum) continue;
            foreach (var column in columns.Skip(1)) if (column[t] is { } other) sum.add_(other);
            sum.div_(columns.Length);
        }
    }
}
