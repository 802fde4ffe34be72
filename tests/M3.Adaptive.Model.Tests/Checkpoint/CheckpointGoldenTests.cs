using System.Runtime.InteropServices;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.TestKit.Golden;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

public sealed class CheckpointGoldenTests : IDisposable
{
    private readonly TemporaryFolder _temp = new();

    public static TheoryData<string> Checkpoints => [.. GoldenFolder.Index.Checkpoints.Select(checkpoint => checkpoint.Name)];

    [GoldenTheory]
    [MemberData(nameof(Checkpoints))]
    public void Load_Checkpoint_FillsEveryParameter(string name)
    {
        using var folder = Open(name);
        var parameters = new ExpectedParameters(folder.Config);

        ParameterLoader.Load(folder, parameters.Slots);

        Assert.All(parameters.All, parameter =>
        {
            using var stored = folder.Tensors[parameter.Key].Map();
            var widened = new float[parameter.Value.Bytes.Length / 4];
            FloatConversion.ToSingle(folder.Tensors[parameter.Key].Type, stored.Bytes, widened);
            Assert.True(MemoryMarshal.AsBytes(widened.AsSpan()).SequenceEqual(parameter.Value.Bytes), parameter.Key);
            Assert.Contains(parameter.Value.Bytes, value => value != 0);
        });
    }

    [GoldenTheory]
    [MemberData(nameof(Checkpoints))]
    public void Open_Checkpoint_HasTheReferencesShape(string name)
    {
        using var folder = Open(name);
        folder.CheckTensors();
        var cases = GoldenFolder.ReadJson(GoldenFolder.Index.Checkpoint(name).Cases);

        Assert.Equal(cases["vocabulary"]!.GetValue<int>(), folder.Config.Language.VocabularySize);
        Assert.Equal(cases["eos"]!.GetValue<int>(), folder.Config.EosTokenId);
        Assert.Equal(cases["selected_hidden_state"]!.GetValue<int>(), folder.Config.VisionBlocksUsed);
        var tokenizer = folder.OpenTokenizer();
        Assert.Equal(cases["tokenizer_pieces"]!.GetValue<int>(), tokenizer.VocabularySize);
    }

    [GoldenTheory]
    [MemberData(nameof(Checkpoints))]
    public void Save_Checkpoint_ComesBackInThePublishedStyle(string name)
    {
        using var folder = Open(name);
        var copy = _temp.Combine(name);
        var type = folder.Tensors.Values.First().Type;

        CheckpointWriter.Save(
            copy, folder.Config, folder.Preprocessor, File.ReadAllBytes(Path.Combine(folder.Path, CheckpointFolder.TokenizerFile)),
            folder.Tensors.Select(tensor => (tensor.Key, tensor.Value.Shape, new TensorValues(() => tensor.Value.ToFloats()))), type);

        using var saved = CheckpointFolder.Open(copy);
        Assert.Equal(folder.Identify().Hash, saved.Identify().Hash);
        Assert.Contains(saved.Tensors.Values, tensor => tensor.Name.StartsWith("model.vision_tower.vision_tower.vision_model.", StringComparison.Ordinal));
    }

    [GoldenTheory]
    [MemberData(nameof(Checkpoints))]
    public void Open_ExpectedValues_AreReadWhole(string name)
    {
        using var file = SafetensorsFile.Open(GoldenFolder.Index.PathOf(GoldenFolder.Index.Checkpoint(name).Tensors));

        Assert.NotEmpty(file.Tensors);
        Assert.All(file.Tensors.Values.Where(tensor => tensor.Type == TensorType.Float32), tensor => Assert.All(tensor.ToFloats(), value => Assert.True(float.IsFinite(value))));
    }

    public void Dispose() => _temp.Dispose();

    private static CheckpointFolder Open(string name) => CheckpointFolder.Open(GoldenFolder.Index.PathOf(GoldenFolder.Index.Checkpoint(name).Folder));
}
