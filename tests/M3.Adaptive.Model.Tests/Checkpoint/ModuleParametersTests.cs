using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Imaging;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Model.Tests.Checkpoint;

public sealed class ModuleParametersTests : IDisposable
{
    private readonly TemporaryFolder _temp = new();
    private readonly string _folder;

    public ModuleParametersTests() => TinyCheckpoint.Write(_folder = _temp.Combine("tiny"));

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Load_Module_FillsItsOwnMemory(ScalarType type)
    {
        using var module = new Head(type);
        KeepOnly("model.norm.weight", "lm_head.weight");
        using var folder = CheckpointFolder.Open(_folder);

        ModuleParameters.Load(folder, module.named_parameters());

        using var expected = tensor(folder.Tensors["lm_head.weight"].ToFloats()).reshape(350, 8).to(type);
        Assert.Equal(ModuleParameters.Values(expected), ModuleParameters.Values(module.lm_head.weight!));
    }

    [Fact]
    public void Load_ModuleOfAnotherShape_NamesTheTensors()
    {
        using var module = new Head(ScalarType.Float32, vocabulary: 351);
        KeepOnly("model.norm.weight", "lm_head.weight");
        using var folder = CheckpointFolder.Open(_folder);

        var fault = Assert.Throws<CheckpointException>(() => ModuleParameters.Load(folder, module.named_parameters()));

        Assert.Contains("tensor lm_head.weight in model.safetensors is F32 [350, 8]: expected [351, 8]", fault.Message);
    }

    [Fact]
    public void Of_Module_IsSavedAndComesBack()
    {
        using var module = new Head(ScalarType.BFloat16);
        KeepOnly("model.norm.weight", "lm_head.weight");
        using (var folder = CheckpointFolder.Open(_folder)) ModuleParameters.Load(folder, module.named_parameters());
        var copy = _temp.Combine("copy");

        CheckpointWriter.Save(
            copy, TinyCheckpoint.Config, PreprocessorConfig.Clip336, File.ReadAllBytes(Path.Combine(_folder, "tokenizer.model")), ModuleParameters.Of(module.named_parameters()), TensorType.BFloat16);

        using var saved = CheckpointFolder.Open(copy);
        Assert.Equal(["lm_head.weight", "norm.weight"], saved.Tensors.Keys.Order());
        Assert.Equal(ModuleParameters.Values(module.lm_head.weight!), saved.Tensors["lm_head.weight"].ToFloats());
    }

    [Fact]
    public void Values_TransposedTensor_AreInItsOwnOrder()
    {
        using var matrix = tensor(new float[] { 1, 2, 3, 4, 5, 6 }).reshape(2, 3);
        using var transposed = matrix.t();

        Assert.Equal([1, 4, 2, 5, 3, 6], ModuleParameters.Values(transposed));
    }

    [Fact]
    public void Values_IntegerTensor_IsRefused()
    {
        using var integers = tensor(new long[] { 1 });

        Assert.Throws<ArgumentException>(() => ModuleParameters.Values(integers));
    }

    public void Dispose() => _temp.Dispose();

    private void KeepOnly(params string[] names) => TinyCheckpoint.Rewrite(_folder, source => names.Contains(source.Name) ? [source] : []);

    // Fields carry the names of the checkpoint's tensors.
    private sealed class Norm : nn.Module
    {
        public readonly Parameter weight;

        public Norm(ScalarType type) : base(nameof(Norm))
        {
            weight = new Parameter(zeros([8], type));
            RegisterComponents();
        }
    }

    private sealed class Head : nn.Module
    {
        public readonly Linear lm_head;
        public readonly Norm norm;

        public Head(ScalarType type, int vocabulary = 350) : base(nameof(Head))
        {
            norm = new Norm(type);
            lm_head = nn.Linear(8, vocabulary, false, null, type);
            RegisterComponents();
        }
    }
}
