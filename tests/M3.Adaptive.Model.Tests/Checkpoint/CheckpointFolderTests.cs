using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Tokenizer;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

/// <summary>Opening a folder: its files, their tensors' names and its tokenizer.</summary>
public sealed class CheckpointFolderTests : IDisposable
{
    private const string Tower = "model.vision_tower.vision_tower.vision_model.";

    private readonly TemporaryFolder _temp = new();
    private readonly string _folder;

    public CheckpointFolderTests()
    {
        _folder = _temp.Combine("tiny");
        TinyCheckpoint.Write(_folder);
    }

    [Fact]
    public void Save_Twice_GivesTheSameFiles()
    {
        var other = _temp.Combine("other");
        TinyCheckpoint.Write(other);

        foreach (var file in Directory.GetFiles(_folder))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(other, Path.GetFileName(file))));
        Assert.Equal(["config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.model"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("adapter_config.json", "{\"base_model_name_or_path\":\"somebody/base\"}", "merge it into its base somebody/base first")]
    [InlineData("adapter_config.json", "{}", "merge it into its base model first")]
    [InlineData("adapter_model.bin", "", "merge it into its base model first")]
    public void Open_AdapterWithoutAModel_SaysWhatToDo(string file, string content, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, file), content);
        using (CheckpointFolder.Open(_folder))
        {
            // Beside whole weights it does not matter.
        }

        File.Delete(Path.Combine(_folder, "model.safetensors"));
        File.Delete(Path.Combine(_folder, "config.json"));

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_folder)).Message);
    }

    [Fact]
    public void Open_BuffersAndUnusedLayers_AreNoFaults()
    {
        TinyCheckpoint.Rewrite(_folder, tensor => tensor.Name == "model.norm.weight"
            ? [
                tensor,
                tensor with { Name = Tower + "embeddings.position_ids" },
                tensor with { Name = "model.layers.0.self_attn.rotary_emb.inv_freq" },
                tensor with { Name = Tower + "post_layernorm.weight" },
                tensor with { Name = Tower + "encoder.layers.2.layer_norm1.weight" },       // the last of three, and two are used
            ]
            : [tensor]);
        using var folder = CheckpointFolder.Open(_folder);

        ParameterLoader.Load(folder, new ExpectedParameters(folder.Config).Slots);

        Assert.True(folder.IsUnused("vision_tower.encoder.layers.2.mlp.fc1.weight"));
        Assert.False(folder.IsUnused("vision_tower.encoder.layers.1.mlp.fc1.weight"));
        Assert.False(folder.IsUnused("vision_tower.encoder.layers.3.mlp.fc1.weight"));
        Assert.False(folder.IsUnused("vision_tower.encoder.layers.x.mlp.fc1.weight"));
        Assert.False(folder.IsUnused("lm_head.weight"));
    }

    [Fact]
    public void Open_ForeignTensorAndOneInBothStyles_AreNamed()
    {
        TinyCheckpoint.Rewrite(_folder, tensor => tensor.Name == "model.norm.weight"
            ? [tensor, tensor with { Name = "language_model.model.norm.weight" }, tensor with { Name = "model.image_newline" }]
            : [tensor]);

        var fault = Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_folder));

        Assert.Contains("tensor norm.weight is there twice", fault.Message);
        Assert.Contains("tensor model.image_newline in model.safetensors is extra", fault.Message);
    }

    [Theory]
    [InlineData("config.json", "config.json: there is no such file")]
    [InlineData("tokenizer.model", "there is no tokenizer.model")]
    [InlineData("model.safetensors", "there is neither model.safetensors nor model.safetensors.index.json")]
    public void Open_FileMissing_NamesIt(string file, string expected)
    {
        File.Delete(Path.Combine(_folder, file));

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_folder)).Message);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("preprocessor_config.json")]
    [InlineData("tokenizer.model")]
    [InlineData("model.safetensors")]
    public void Open_GitLfsPointer_SaysHowToFetchTheFile(string file)
    {
        File.WriteAllText(Path.Combine(_folder, file), "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 499723\n");

        var fault = Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_folder));

        Assert.EndsWith($"{file}: this is a git-lfs pointer and not the file itself: run git lfs pull in its folder.", fault.Message);
    }

    [Fact]
    public void Open_NoSuchFolder_SaysWhatIsExpected() =>
        Assert.Contains("there is no such folder", Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_temp.Combine("none"))).Message);

    [Fact]
    public void OpenTokenizer_IdsThatDoNotFit_AreNamed()
    {
        TinyCheckpoint.Write(_folder, config: TinyCheckpoint.Config with { BosTokenId = 5, EosTokenId = 6, Language = TinyCheckpoint.Config.Language with { VocabularySize = 100 } });
        using var folder = CheckpointFolder.Open(_folder);

        var fault = Assert.Throws<CheckpointException>(folder.OpenTokenizer);

        Assert.Equal(3, fault.Faults.Count);
        Assert.Contains("340 pieces: expected at most the model's vocab_size 100", fault.Message);
    }

    [Fact]
    public void OpenTokenizer_ForeignFile_NamesIt()
    {
        File.WriteAllText(Path.Combine(_folder, "tokenizer.model"), "no model");
        using var folder = CheckpointFolder.Open(_folder);

        Assert.Contains("tokenizer.model", Assert.Throws<TokenizerException>(folder.OpenTokenizer).Message);
    }

    public void Dispose() => _temp.Dispose();
}
