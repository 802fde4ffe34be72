using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Modules;

public class ModuleTests
{
    /// <summary>One of everything that a module may hold.</summary>
    private sealed class Sample : nn.Module<Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(2, 2);
        private readonly Parameter scale = new(ones(2));
        private readonly Tensor table = arange(3, float32);
        private readonly ModuleList<nn.Module<Tensor, Tensor>> rest = nn.ModuleList<nn.Module<Tensor, Tensor>>(nn.Linear(2, 1), nn.GELU());

        public Sample() : base(nameof(Sample)) => RegisterComponents();

        public Parameter Scale => scale;

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var x = first.call(input) * scale + table[0];
            foreach (var layer in rest) x = layer.call(x);
            return scope.MoveToOuter(x);
        }
    }

    [Fact]
    public void RegisterComponents_Fields_NamedByField()
    {
        using var module = new Sample();

        Assert.Equal(
            ["scale", "first.weight", "first.bias", "rest.0.weight", "rest.0.bias"], module.named_parameters().Select(entry => entry.name));
        Assert.Equal(["table"], module.named_buffers().Select(entry => entry.name));
        Assert.Equal(["first", "rest"], module.named_children().Select(entry => entry.name));
        Assert.Equal(["first", "rest", "rest.0", "rest.1"], module.named_modules().Select(entry => entry.name));
        Assert.Equal(["scale", "table", "first.weight", "first.bias", "rest.0.weight", "rest.0.bias"], module.state_dict().Keys);
    }

    [Fact]
    public void StateDict_RoundTrip_SameOutput()
    {
        using var scope = NewDisposeScope();
        var (one, two) = (new Sample(), new Sample());
        var x = randn(3, 2);

        var (missing, unexpected) = two.load_state_dict(one.state_dict());

        Assert.Empty(missing);
        Assert.Empty(unexpected);
        two.call(x).ShouldBe(one.call(x).Read(), 0);
        one.Dispose();
        two.Dispose();
    }

    [Fact]
    public void LoadStateDict_Strict_NamesTheKeys()
    {
        using var module = new Sample();
        var state = module.state_dict();
        state.Remove("scale");
        using var other = zeros(1);
        state["extra"] = other;

        var message = Assert.Throws<InvalidOperationException>(() => module.load_state_dict(state)).Message;
        var (missing, unexpected) = module.load_state_dict(state, false);

        Assert.Contains("scale", message);
        Assert.Contains("extra", message);
        Assert.Equal(["scale"], missing);
        Assert.Equal(["extra"], unexpected);
    }

    [Fact]
    public void LoadStateDict_Skip_LeftAlone()
    {
        using var module = new Sample();
        using var scope = NewDisposeScope();
        var state = module.state_dict().ToDictionary(entry => entry.Key, entry => zeros_like(entry.Value));

        module.load_state_dict(state, true, ["scale"]);

        module.Scale.ShouldBe([1, 1]);
        module.get_buffer("table")!.ShouldBe([0, 0, 0]);
    }

    [Fact]
    public void TrainEval_Mode_ReachesChildren()
    {
        using var module = new Sample();

        module.eval();
        Assert.All(module.modules(), child => Assert.False(child.training));
        module.train();

        Assert.True(module.training);
        Assert.All(module.modules(), child => Assert.True(child.training));
    }

    [Fact]
    public void To_BFloat16_ParametersAndFieldsReplaced()
    {
        using var module = new Sample();
        using var scope = NewDisposeScope();

        module.to(bfloat16);

        Assert.All(module.state_dict(), entry => Assert.Equal(bfloat16, entry.Value.dtype));
        Assert.Same(module.Scale, module.get_parameter("scale"));
        Assert.True(module.Scale.requires_grad);
        Assert.Equal(bfloat16, module.call(randn(1, 2).to(bfloat16)).dtype);
    }

    [Fact]
    public void ZeroGrad_Gradients_Cleared()
    {
        using var module = new Sample();
        using var scope = NewDisposeScope();
        module.call(ones(1, 2)).sum().backward();

        module.zero_grad();

        Assert.All(module.parameters(), parameter => Assert.True(parameter.grad is null || parameter.grad.abs().sum().ToSingle() == 0));
    }

    [Fact]
    public void Apply_Function_EveryModule()
    {
        using var module = new Sample();
        var names = new List<string>();

        module.apply(child => names.Add(child.GetName()));

        Assert.Equal(5, names.Count);
        Assert.Equal("Sample", names[^1]);
    }

    [Fact]
    public void Parameters_InDisposeScope_Survive()
    {
        Sample module;
        using (NewDisposeScope())
        {
            module = new Sample();
        }

        Assert.All(module.parameters(), parameter => Assert.False(parameter.IsInvalid));
        module.Dispose();
        Assert.All(module.parameters(), parameter => Assert.True(parameter.IsInvalid));
    }

    [Fact]
    public void Dispose_Module_NoTensorLeft()
    {
        var before = Process.LiveTensors();

        new Sample().Dispose();

        Assert.Equal(before, Process.LiveTensors());
    }

    [Fact]
    public void Register_TakenName_Refused()
    {
        using var module = new Sample();
        using var layer = nn.Linear(1, 1);

        Assert.Throws<InvalidOperationException>(() => module.register_module("first", layer));
        Assert.Throws<ArgumentException>(() => module.register_module("a.b", layer));
    }

    [Fact]
    public void Parameter_FromTensor_TakesItOver()
    {
        var data = zeros(2);
        using var parameter = new Parameter(data);

        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.True(parameter.is_leaf);
    }

    [Fact]
    public void SharedModule_TwoNames_ParametersOnce()
    {
        using var shared = nn.Linear(2, 2);
        using var module = nn.Sequential(("one", shared), ("two", shared));

        Assert.Equal(["one.weight", "one.bias"], module.named_parameters().Select(entry => entry.name));
    }
}
