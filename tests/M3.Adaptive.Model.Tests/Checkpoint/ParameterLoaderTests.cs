using System.Runtime.InteropServices;
using M3.Adaptive.Model.Checkpoint;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

/// <summary>Filling parameters from a folder's tensors, and what is wrong with those.</summary>
public sealed class ParameterLoaderTests : IDisposable
{
    private readonly TemporaryFolder _temp = new();
    private readonly string _folder;

    public ParameterLoaderTests()
    {
        _folder = _temp.Combine("tiny");
        TinyCheckpoint.Write(_folder);
    }

    [Fact]
    public void SaveOpenLoad_Model_ComesBack()
    {
        using var folder = CheckpointFolder.Open(_folder);
        var parameters = new ExpectedParameters(folder.Config);

        ParameterLoader.Load(folder, parameters.Slots);

        Assert.Equal("tiny", folder.Name);
        Assert.Equal(TinyCheckpoint.Config.Language, folder.Config.Language);
        foreach (var (name, _, values) in TinyCheckpoint.RandomTensors(folder.Config, 1))
            Assert.True(values().SequenceEqual(MemoryMarshal.Cast<byte, float>(parameters.All[name].Bytes)), name);
    }

    [Theory]
    [InlineData(TensorType.BFloat16, TensorType.Float32, 1 / 256f)]
    [InlineData(TensorType.Float16, TensorType.Float32, 1 / 2048f)]
    [InlineData(TensorType.Float32, TensorType.BFloat16, 1 / 256f)]
    [InlineData(TensorType.BFloat16, TensorType.BFloat16, 1 / 256f)]
    [InlineData(TensorType.BFloat16, TensorType.Float16, 1 / 256f)]
    public void Load_OtherType_IsConvertedWithinItsPrecision(TensorType stored, TensorType loaded, float relative)
    {
        TinyCheckpoint.Write(_folder, type: stored);
        using var folder = CheckpointFolder.Open(_folder);
        var parameters = new ExpectedParameters(folder.Config, loaded);

        ParameterLoader.Load(folder, parameters.Slots);

        Assert.Equal(stored.TorchName(), folder.Config.TorchDtype);
        foreach (var (name, _, values) in TinyCheckpoint.RandomTensors(folder.Config, 1))
        {
            var original = values().ToArray();
            var floats = new float[original.Length];
            FloatConversion.ToSingle(loaded, parameters.All[name].Bytes, floats);
            for (var i = 0; i < floats.Length; i++) Assert.InRange(floats[i] - original[i], -relative, relative);
        }
    }

    [Fact]
    public void Load_ManyFaults_NamesEveryOneAtOnce()
    {
        TinyCheckpoint.Rewrite(_folder, tensor => tensor.Name switch
        {
            "model.norm.weight" => [],
            "model.mm_projector.0.weight" => [tensor with { Shape = [4, 16] }],
            "lm_head.weight" => [tensor, tensor with { Name = "lm_head.bias" }],
            "model.layers.0.mlp.up_proj.weight" => [tensor with { Name = "model.layers.7.mlp.up_proj.weight" }],
            _ => [tensor],
        });
        using var folder = CheckpointFolder.Open(_folder);

        var fault = Assert.Throws<CheckpointException>(() => ParameterLoader.Load(folder, new ExpectedParameters(folder.Config).Slots));

        Assert.Equal(5, fault.Faults.Count);
        Assert.Contains("tensor norm.weight is missing: expected floats [8]", fault.Message);
        Assert.Contains("tensor model.mm_projector.0.weight in model.safetensors is F32 [4, 16]: expected [8, 8]", fault.Message);
        Assert.Contains("tensor lm_head.bias in model.safetensors is extra", fault.Message);
        Assert.Contains("tensor layers.0.mlp.up_proj.weight is missing", fault.Message);
        Assert.Contains("tensor model.layers.7.mlp.up_proj.weight in model.safetensors is extra", fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Theory]
    [InlineData("model.vision_tower.", "the vision tower (somebody/a-tower) is not in the folder")]
    [InlineData("model.mm_projector.", "the projector is not in the folder")]
    public void CheckTensors_PartThatIsMissingWhole_IsOneFault(string prefix, string expected)
    {
        TinyCheckpoint.Rewrite(_folder, tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal) ? [] : [tensor]);
        var config = Path.Combine(_folder, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"mm_projector_type\"", "\"mm_vision_tower\": \"somebody/a-tower\", \"mm_projector_type\""));
        using var folder = CheckpointFolder.Open(_folder);

        var fault = Assert.Throws<CheckpointException>(folder.CheckTensors);

        Assert.Single(fault.Faults);
        Assert.Contains(expected, fault.Message);
    }

    [Fact]
    public void CheckTensors_ManyFaultsWithLineBreaksInNames_IsAShortLine()
    {
        TinyCheckpoint.Rewrite(_folder, tensor => tensor.Name.Contains(".encoder.layers.") ? [tensor with { Name = tensor.Name + "\n\u001b[31m" }] : [tensor]);
        using var folder = CheckpointFolder.Open(_folder);

        var fault = Assert.Throws<CheckpointException>(folder.CheckTensors);

        Assert.True(fault.Faults.Count > 50, $"{fault.Faults.Count} faults");
        Assert.EndsWith($"; and {fault.Faults.Count - 5} more.", fault.Message);
        Assert.DoesNotContain(fault.Message, char.IsControl);
        Assert.InRange(fault.Message.Length, 100, 1500);
    }

    [Fact]
    public void Load_Faults_WriteNothing()
    {
        TinyCheckpoint.Rewrite(_folder, tensor => tensor.Name == "model.norm.weight" ? [] : [tensor]);
        using var folder = CheckpointFolder.Open(_folder);
        var parameters = new ExpectedParameters(folder.Config);

        Assert.Throws<CheckpointException>(() => ParameterLoader.Load(folder, parameters.Slots));

        Assert.All(parameters.All.Values, parameter => Assert.All(parameter.Bytes, value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Load_WeightOfIntegers_IsNamed()
    {
        var header = """{"model.norm.weight":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"""u8;
        File.WriteAllBytes(Path.Combine(_folder, "model.safetensors"), [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. new byte[8]]);
        using var folder = CheckpointFolder.Open(_folder);

        var fault = Assert.Throws<CheckpointException>(
            () => ParameterLoader.Load(folder, [new ParameterSlot("norm.weight", [1], TensorType.Float32, () => default)]));

        Assert.Contains("model.norm.weight in model.safetensors is I64 [1]: expected floats [1]", fault.Message);
    }

    public void Dispose() => _temp.Dispose();
}
