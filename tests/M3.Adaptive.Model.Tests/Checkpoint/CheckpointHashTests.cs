using System.Text;
using M3.Adaptive.Model.Checkpoint;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

/// <summary>What a model's hash is made of.</summary>
public sealed class CheckpointHashTests : IDisposable
{
    private readonly TemporaryFolder _temp = new();
    private readonly string _folder;

    public CheckpointHashTests()
    {
        _folder = _temp.Combine("tiny");
        TinyCheckpoint.Write(_folder);
    }

    [Fact]
    public void Of_FolderOfLinks_HasTheSizesAndTheHashOfTheirTargets()
    {
        var links = _temp.Combine("links");
        Directory.CreateDirectory(links);
        foreach (var file in Directory.GetFiles(_folder)) File.CreateSymbolicLink(Path.Combine(links, Path.GetFileName(file)), Path.Combine("..", "tiny", Path.GetFileName(file)));

        var (plain, linked) = (CheckpointSummary.Of(_folder), CheckpointSummary.Of(links));

        Assert.Equal(plain.Hash, linked.Hash);
        Assert.Equal(plain.Files, linked.Files);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("preprocessor_config.json")]
    public void Open_ByteOrderMark_IsNoPartOfTheJson(string file)
    {
        var before = Hash();
        var path = Path.Combine(_folder, file);

        File.WriteAllText(path, File.ReadAllText(path), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal(before, Hash());
    }

    [Fact]
    public void Open_LowercaseQuestions_AreNoPartOfTheHash()
    {
        var before = Hash();
        var path = Path.Combine(_folder, "config.json");

        File.WriteAllText(path, File.ReadAllText(path).Replace("\"vision_config\"", "\"lowercase_questions\": true, \"vision_config\"", StringComparison.Ordinal));

        using var folder = CheckpointFolder.Open(_folder);
        Assert.True(folder.Config.LowercaseQuestions);
        Assert.Equal(before, Hash());
    }

    [Fact]
    public void Identify_SameWeightsElsewhere_HaveTheSameHash()
    {
        var other = _temp.Combine("elsewhere");
        TinyCheckpoint.Write(other);
        TinyCheckpoint.Rewrite(other, tensor => [tensor with { Name = tensor.Name.Replace("model.layers.", "language_model.model.layers.") }]);
        using var one = CheckpointFolder.Open(_folder);
        using var two = CheckpointFolder.Open(other);

        Assert.Equal(one.Identify().Hash, two.Identify().Hash);
        Assert.Equal(64, one.Identify().Hash.Length);
        Assert.Equal("tiny", one.Identify().Name);
    }

    [Fact]
    public void Identify_OneBitElsewhere_ChangesTheHash()
    {
        var before = Hash();
        var weights = Path.Combine(_folder, "model.safetensors");
        var bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        var afterWeight = Hash();
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        var config = Path.Combine(_folder, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("avg_pooling", "spatial"));

        Assert.Equal(3, new HashSet<string> { before, afterWeight, Hash() }.Count);
    }

    public void Dispose() => _temp.Dispose();

    private string Hash()
    {
        using var folder = CheckpointFolder.Open(_folder);
        return folder.Identify().Hash;
    }
}
