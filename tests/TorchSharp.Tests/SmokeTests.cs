using System.Runtime.InteropServices;
using Xunit;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests;

public class SmokeTests
{
    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        private readonly Modules.Conv2d stem = nn.Conv2d(3, 8, 3, 2, 1);
        private readonly Modules.BatchNorm2d norm = nn.BatchNorm2d(8);
        private readonly Modules.LayerNorm ln = nn.LayerNorm(8);
        private readonly Modules.ModuleList<nn.Module<Tensor, Tensor>> blocks = nn.ModuleList<nn.Module<Tensor, Tensor>>(
            nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8)), nn.Linear(8, 5, false));

        public Net() : base("Net") => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = F.relu(norm.call(stem.call(input)));
            x = ln.call(x.flatten(2).transpose(1, 2)).mean([1]);
            foreach (var block in blocks) x = block.call(x);
            return x.MoveToOuterDisposeScope();
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Training_SmallNet_LossFalls(ScalarType type)
    {
        manual_seed(1);
        using var net = new Net();
        net.to(type);
        using var optimizer = optim.AdamW(net.parameters(), 1e-2, 0.9, 0.99, 1e-8, 0.01);
        using var pictures = randn(16, 3, 8, 8).to(type);
        using var labels = randint(5, [16]);
        float first = 0, last = 0;
        var before = Tensor.TotalCount;
        for (var step = 0; step < 60; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = F.cross_entropy(net.call(pictures).to(float32), labels);
            loss.backward();
            nn.utils.clip_grad_norm_(net.parameters(), 1.0);
            optimizer.step();
            last = loss.ToSingle();
            if (step == 0) first = last;
        }
        Assert.True(last < 0.5 * first, $"{first} -> {last}");
        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(["stem.weight", "stem.bias", "norm.weight", "norm.bias", "norm.running_mean"], net.state_dict().Keys.Take(5));
    }

    [Fact]
    public void Indexing_Mixed_GivesValues()
    {
        using var scope = NewDisposeScope();
        var x = arange(24).reshape(2, 3, 4);
        Assert.Equal([5L, 17L], x[TensorIndex.Ellipsis, 1, 1].data<long>().ToArray());
        Assert.Equal([12L, 14], x[1, 0, TensorIndex.Slice(null, null, 2)].data<long>().ToArray());
        Assert.Equal([2L, 1, 3, 4], x[tensor(new long[] { 1, 0 }), TensorIndex.None, TensorIndex.Slice(0, 3)].shape is var s ? [s[0], s[1], s[2], s[3]] : []);
        Assert.Equal([20L, 21, 22, 23], x[x > 19].data<long>().ToArray());
        x[0] = zeros([3, 4], int64);
        Assert.Equal(0, x[0].sum().ToInt64());
        Assert.Contains("must match", Assert.Throws<ExternalException>(() => ones(2, 3) + ones(4)).Message);
        Assert.Equal(Environment.ProcessorCount, get_num_threads());
        var (values, indexes) = tensor(new float[] { 3, 9, 4 }).topk(2);
        Assert.Equal([9f, 4], values.data<float>().ToArray());
        Assert.Equal([1L, 2], indexes.data<long>().ToArray());
        Assert.Equal(4, stack([ones(2), ones(2)]).sum().ToSingle());
        Assert.Equal(2.5, tensor(new[] { 1f, 2, 3, 4 }).mean().ToDouble());
        Assert.Equal([1f, 3], tensor(new float[,] { { 1, 2 }, { 3, 4 } }).t()[0].data<float>().ToArray());
    }
}
