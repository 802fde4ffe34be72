using static TorchSharp.torch;

namespace TorchSharp.Tests.Modules;

public class LayerTests
{
    [Fact]
    public void Linear_Values_WeightAndBias()
    {
        using var layer = nn.Linear(2, 3);
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            layer.weight.copy_(tensor(new float[,] { { 1, 0 }, { 0, 1 }, { 1, 1 } }));
            layer.bias!.copy_(Values.Floats(10, 20, 30)); // it has one
        }

        layer.call(Values.Floats(1, 2)).ShouldBe([11, 22, 33]);
        Assert.Null(nn.Linear(2, 3, false).bias);
    }

    [Fact]
    public void Linear_Initialised_WithinOneOverRootOfInputs()
    {
        manual_seed(1);
        using var layer = nn.Linear(400, 100);
        using var scope = NewDisposeScope();

        foreach (var (_, parameter) in layer.named_parameters())
        {
            Assert.InRange(parameter.detach().abs().max().ToSingle(), 0.045f, 0.05f);
            Assert.InRange(parameter.detach().std().ToSingle(), 0.025f, 0.033f);
        }
    }

    [Fact]
    public void Embedding_Padding_RowIsZeroAndStays()
    {
        using var layer = nn.Embedding(4, 3, 1);
        using var scope = NewDisposeScope();

        layer.call(Values.Longs(0, 1)).sum().backward();

        layer.weight.detach()[1].ShouldBe([0, 0, 0]);
        layer.weight.grad!.ShouldBe([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public void Embedding_MaxNorm_RowsShortened()
    {
        using var layer = nn.Embedding(2, 2, null, 1.0);
        using var scope = NewDisposeScope();
        using (no_grad()) layer.weight.copy_(tensor(new float[,] { { 3, 4 }, { 0.6f, 0 } }));

        layer.call(Values.Longs(0, 1)).ShouldBe([0.6f, 0.8f, 0.6f, 0]);
    }

    [Fact]
    public void LayerNorm_Rows_ZeroMeanUnitVariance()
    {
        using var layer = nn.LayerNorm(4);
        using var scope = NewDisposeScope();
        var deviation = MathF.Sqrt(1.25f + 1e-5f);

        layer.call(Values.Floats(1, 2, 3, 4)).ShouldBe([-1.5f / deviation, -0.5f / deviation, 0.5f / deviation, 1.5f / deviation]);
        Assert.Equal(["weight", "bias"], layer.named_parameters().Select(entry => entry.name));
    }

    [Fact]
    public void Conv2d_OnesKernel_WindowSums()
    {
        using var layer = nn.Conv2d(1, 1, 2, 2, 0, 1, PaddingModes.Zeros, 1, false);
        using var scope = NewDisposeScope();
        using (no_grad()) layer.weight.fill_(1);

        var result = layer.call(arange(16, float32).reshape(1, 1, 4, 4));

        Assert.Equal([1L, 1, 2, 2], result.shape);
        result.ShouldBe([10, 18, 42, 50]);
    }

    [Fact]
    public void Conv2d_PaddingModes_EdgesFilled()
    {
        using var zero = nn.Conv2d(1, 1, 3, 1, 1, 1, PaddingModes.Zeros, 1, false);
        using var reflect = nn.Conv2d(1, 1, 3, 1, 1, 1, PaddingModes.Reflect, 1, false);
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            zero.weight.fill_(1);
            reflect.weight.fill_(1);
        }
        var x = Values.Floats(1, 2, 3, 4).reshape(1, 1, 2, 2);

        zero.call(x).ShouldBe([10, 10, 10, 10]);
        reflect.call(x).ShouldBe([27, 24, 21, 18]);
    }

    [Fact]
    public void Conv2d_Initialised_WithinOneOverRootOfFanIn()
    {
        manual_seed(1);
        using var layer = nn.Conv2d(16, 32, 5);
        using var scope = NewDisposeScope();

        Assert.InRange(layer.weight.detach().abs().max().ToSingle(), 0.045f, 0.05f);
        Assert.InRange(layer.bias!.detach().abs().max().ToSingle(), 0.03f, 0.05f); // it has one
    }

    [Fact]
    public void BatchNorm2d_Training_NormalisesAndTracks()
    {
        using var layer = nn.BatchNorm2d(1);
        using var scope = NewDisposeScope();
        var x = Values.Floats(1, 3, 5, 7).reshape(4, 1, 1, 1);

        var result = layer.call(x);

        var deviation = MathF.Sqrt(5 + 1e-5f);
        result.ShouldBe([-3 / deviation, -1 / deviation, 1 / deviation, 3 / deviation]);
        layer.running_mean!.ShouldBe([0.4f]); // 0.9 * 0 + 0.1 * 4
        layer.running_var!.ShouldBe([0.9f + 0.1f * 20 / 3]);
        Assert.Equal(1, layer.get_buffer("num_batches_tracked")!.ToInt64());
    }

    [Fact]
    public void BatchNorm2d_Eval_UsesRunningStatistics()
    {
        using var layer = nn.BatchNorm2d(1);
        using var scope = NewDisposeScope();
        layer.running_mean!.fill_(2);
        layer.running_var!.fill_(4);
        layer.eval();

        layer.call(Values.Floats(6).reshape(1, 1, 1, 1)).ShouldBe([2], 1e-4f);
        layer.running_mean.ShouldBe([2]);
    }

    [Fact]
    public void Activations_Values_AsDefined()
    {
        using var scope = NewDisposeScope();
        var x = Values.Floats(-1, 0, 1);

        nn.ReLU().call(x).ShouldBe([0, 0, 1]);
        nn.SiLU().call(x).ShouldBe([-0.26894143f, 0, 0.7310586f]);
        nn.GELU().call(x).ShouldBe([-0.15865526f, 0, 0.8413447f]);
        nn.Identity().call(x).ShouldBe([-1, 0, 1]);
    }

    [Fact]
    public void Dropout_Mode_Decides()
    {
        using var layer = nn.Dropout(0.25);
        using var scope = NewDisposeScope();
        manual_seed(1);

        var kept = layer.call(ones(10000));
        layer.eval();

        Assert.InRange(kept.count_nonzero().ToInt64(), 7300, 7700);
        Assert.Equal(4f / 3, kept.max().ToSingle(), 1e-5f);
        layer.call(ones(3)).ShouldBe([1, 1, 1]);
    }

    [Fact]
    public void ModuleList_Added_NamedByPlace()
    {
        using var list = nn.ModuleList(nn.Linear(1, 1, false));

        list.append(nn.Linear(1, 2, false));

        Assert.Equal(2, list.Count);
        Assert.Equal(2, list[1].out_features);
        Assert.Equal(["0.weight", "1.weight"], list.state_dict().Keys);
    }

    [Fact]
    public void Sequential_Stages_InOrder()
    {
        using var layer = nn.Sequential(("half", nn.Linear(1, 1)), ("relu", nn.ReLU()));
        using var scope = NewDisposeScope();
        using (no_grad())
            foreach (var parameter in layer.parameters()) parameter.fill_(-0.5);

        layer.call(Values.Floats(-3)).ShouldBe([1]);
        layer.call(Values.Floats(3)).ShouldBe([0]);
        Assert.Equal(["half.weight", "half.bias"], layer.state_dict().Keys);
    }
}
