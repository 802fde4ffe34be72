using System.Text.Json;
using M3.Adaptive.Model.Checkpoint;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

public sealed class ShardIndexTests : IDisposable
{
    private readonly TemporaryFolder _temp = new();
    private readonly string _folder;

    public ShardIndexTests()
    {
        _folder = _temp.Combine("sharded");
        TinyCheckpoint.Write(_folder);
        Split();
    }

    [Fact]
    public void Open_Shards_AreReadAsOne()
    {
        using var folder = CheckpointFolder.Open(_folder);
        var parameters = new ExpectedParameters(folder.Config);

        ParameterLoader.Load(folder, parameters.Slots);

        Assert.Equal(2, folder.WeightFiles.Count);
        Assert.Contains(parameters.All["norm.weight"].Bytes, value => value != 0);
    }

    [Fact]
    public void Identify_SplitWeights_HaveTheHashOfTheWhole()
    {
        var whole = _temp.Combine("whole");
        TinyCheckpoint.Write(whole);
        using var one = CheckpointFolder.Open(whole);
        using var two = CheckpointFolder.Open(_folder);

        Assert.Equal(one.Identify().Hash, two.Identify().Hash);
    }

    [Theory]
    [InlineData("../model-1.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("sub/model-1.safetensors")]
    [InlineData("sub\\\\model-1.safetensors")]
    [InlineData("")]
    public void Open_IndexThatPointsOutside_IsRefused(string file)
    {
        WriteIndex($$$"""{"weight_map":{"model.norm.weight":"{{{file}}}"}}""");

        var fault = Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_folder));

        Assert.Contains("expected the name of a file in the same folder", fault.Message);
        Assert.Contains("model.norm.weight", fault.Message);
    }

    [Theory]
    [InlineData("{}", "weight_map is missing")]
    [InlineData("""{"weight_map":[]}""", "weight_map is missing")]
    [InlineData("""{"weight_map":{}}""", "weight_map is empty")]
    [InlineData("""{"weight_map":{"a":"model-1.safetensors","a":"model-2.safetensors"}}""", "not JSON")]
    [InlineData("""{"weight_map":{"a":7}}""", "expected the name of a file")]
    [InlineData("""{"weight_map":{"a":"model-9.safetensors"}}""", "model-9.safetensors does not exist (1 tensor): fetch it")]
    [InlineData("nonsense", "not JSON")]
    public void Open_IndexThatLies_IsRefused(string json, string expected)
    {
        WriteIndex(json);

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_folder)).Message);
    }

    [Fact]
    public void Open_TensorInAnotherShardThanStated_IsNamed()
    {
        var index = File.ReadAllText(Index);
        File.WriteAllText(Index, index.Replace("\"lm_head.weight\":\"model-1", "\"lm_head.weight\":\"model-2"));

        var fault = Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_folder));

        Assert.Contains("tensor lm_head.weight is not in model-2.safetensors", fault.Message);
        Assert.Contains("tensor lm_head.weight is in model-1.safetensors, and the index does not say so", fault.Message);
    }

    [Fact]
    public void Open_ShardMissing_IsNamed()
    {
        File.Delete(Path.Combine(_folder, "model-2.safetensors"));

        var fault = Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_folder));

        Assert.Single(fault.Faults);
        Assert.Matches(@"model-2\.safetensors does not exist \(\d\d tensors\)", fault.Message);
    }

    public void Dispose() => _temp.Dispose();

    private string Index => Path.Combine(_folder, "model.safetensors.index.json");

    private void WriteIndex(string json) => File.WriteAllText(Index, json);

    private void Split()
    {
        var single = Path.Combine(_folder, "model.safetensors");
        var map = new Dictionary<string, string>();
        using (var file = SafetensorsFile.Open(single))
        {
            foreach (var half in file.Tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).Chunk((file.Tensors.Count / 2) + 1).Index())
            {
                var name = $"model-{half.Index + 1}.safetensors";
                SafetensorsWriter.Write(Path.Combine(_folder, name), half.Item.Select(tensor => new TensorSource(tensor.Name, tensor.Type, tensor.Shape, () => tensor.ToFloats())));
                foreach (var tensor in half.Item) map[tensor.Name] = name;
            }
        }

        File.Delete(single);
        WriteIndex(JsonSerializer.Serialize(new { metadata = new { total_size = 0 }, weight_map = map }));
    }
}
