using M3.Adaptive.Training.ModelTraining;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.Tests.ModelTraining;

public sealed class ReplicasTests
{
    [Fact]
    public void Step_TwoWorkers_GiveTheGradientOfTheWholeBatch()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(7);
        var batch = randn(6, 4);
        Linear[] layers = [nn.Linear(4, 3), nn.Linear(4, 3)];
        var replicas = new Replicas(layers.Select(layer => new nn.Module[] { layer }));
        var shares = Workers.Share([0, 1, 2, 3, 4, 5], 2);

        var loss = replicas.Step(worker =>
        {
            var mine = layers[worker].call(batch.index_select(0, tensor(shares[worker].Select(i => (long)i).ToArray()))).pow(2).mean();
            mine.backward();
            return mine.ToSingle();
        });

        var shared = layers[0].weight!.grad!.clone();      // set by backward
        layers[0].zero_grad();
        var whole = layers[0].call(batch).pow(2).mean();
        whole.backward();
        Assert.Equal(whole.ToSingle(), loss, 1e-5);
        Assert.InRange((layers[0].weight!.grad! - shared).abs().max().ToSingle(), 0, 1e-6f);
    }

    [Fact]
    public void Step_RunningStatistics_AreTheMeanOfTheWorkers()
    {
        using var scope = NewDisposeScope();
        BatchNorm2d[] norms = [nn.BatchNorm2d(1), nn.BatchNorm2d(1)];
        var replicas = new Replicas(norms.Select(norm => new nn.Module[] { norm }));

        replicas.Step(worker =>
        {
            norms[worker].call(full([1, 1, 2, 2], worker == 0 ? 10f : 30f)).sum().backward();
            return 0;
        });

        Assert.Equal(0.1f * 20, norms[0].running_mean!.ToSingle(), 4);      // momentum 0.1 from 0
    }

    [Fact]
    public void Share_UnevenBatch_GivesEveryItemOnce()
    {
        var shares = Workers.Share(Enumerable.Range(0, 7).ToArray(), 3);

        Assert.Equal(Enumerable.Range(0, 7), shares.SelectMany(share => share));
        Assert.All(shares, share => Assert.InRange(share.Length, 2, 3));
    }
}
