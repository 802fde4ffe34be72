using System.Runtime.InteropServices;
using System.Text;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Tokenizer;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

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
    public void Save_Twice_GivesTheSameFiles()
    {
        var other = _temp.Combine("other");
        TinyCheckpoint.Write(other);

        foreach (var file in Directory.GetFiles(_folder))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(other, Path.GetFileName(file))));
        Assert.Equal(["config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.model"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
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
    [InlineData("tokenizer.model")]
    [InlineData("model.safetensors")]
    public void Open_GitLfsPointer_SaysHowToFetchTheFile(string file)
    {
        File.WriteAllText(Path.Combine(_folder, file), "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 499723\n");

        var fault = Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_folder));

        Assert.EndsWith($"{file}: this is a git-lfs pointer and not the file itself: run git lfs pull in its folder.", fault.Message);
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
    public void Open_NoSuchFolder_SaysWhatIsExpected() =>
        Assert.Contains("there is no such folder", Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_temp.Combine("none"))).Message);

    [Fact]
    public void Open_NoPreprocessorConfig_IsClipsAtTheModelsSize()
    {
        File.Delete(Path.Combine(_folder, "preprocessor_config.json"));

        using var folder = CheckpointFolder.Open(_folder);

        Assert.Equal(336, folder.Preprocessor.Size);
        Assert.Equal([0.48145466, 0.4578275, 0.40821073], folder.Preprocessor.Mean);
    }

    [Fact]
    public void Open_NestedImageProcessor_IsReadAsThePlainFileIs()
    {
        const string json = """{"image_mean":[0.5,0.5,0.5],"image_std":[0.25,0.25,0.25],"size":{"shortest_edge":336}}""";
        var plain = Path.Combine(_folder, "preprocessor_config.json");
        File.WriteAllText(plain, json);
        var before = Hash();
        File.Delete(plain);

        File.WriteAllText(Path.Combine(_folder, "processor_config.json"), $$"""{"image_processor":{{json}},"patch_size":14}""");
        using var folder = CheckpointFolder.Open(_folder);

        Assert.Equal(before, folder.Identify().Hash);
        Assert.Equal([0.5, 0.5, 0.5], folder.Preprocessor.Mean);
    }

    [Theory]
    [InlineData("""{"processor_class":"LlavaProcessor"}""")]
    [InlineData("""{"image_processor":null}""")]
    [InlineData("""{"image_processor":{"crop_size":336}}""")]
    public void Open_ProcessorConfigThatAddsNothing_ChangesNothing(string json)
    {
        var before = Hash();

        File.WriteAllText(Path.Combine(_folder, "processor_config.json"), json);

        Assert.Equal(before, Hash());
    }

    [Theory]
    [InlineData("""{"image_processor":7}""", "image_processor is 7: expected an object")]
    [InlineData("""{"image_processor":{"size":{"shortest_edge":224}}}""", "image_processor.size.shortest_edge is 224: expected 336")]
    [InlineData("""{"image_processor":{"image_mean":[0.5,0.5,0.5]}}""", "image_processor says something else than preprocessor_config.json")]
    public void Open_ProcessorConfigThatCannotBeFollowed_IsRefused(string json, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, "processor_config.json"), json);

        Assert.Contains($"processor_config.json: {expected}", Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_folder)).Message);
    }

    [Theory]
    [InlineData("""{"size":224}""", "size is 224: expected 336")]
    [InlineData("""{"size":{"shortest_edge":224}}""", "size.shortest_edge is 224: expected 336")]
    [InlineData("""{"crop_size":{"height":336,"width":300}}""", "crop_size.width is 300: expected 336")]
    [InlineData("""{"resample":2}""", "resample is 2: expected 3")]
    [InlineData("""{"do_normalize":false}""", "do_normalize is false: expected true")]
    [InlineData("""{"image_mean":[0.5,0.5]}""", "image_mean is [0.5,0.5]: expected a list of 3")]
    [InlineData("""{"image_mean":[128,128,128]}""", "image_mean holds 128")]
    [InlineData("""{"image_std":[0,1,1]}""", "image_std is [0,1,1]: expected a list of 3 numbers above 0")]
    [InlineData("""{""", "not JSON")]
    public void Open_PreprocessorThatIsNotDone_IsRefused(string json, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, "preprocessor_config.json"), json);

        var fault = Assert.Throws<CheckpointException>(() => CheckpointFolder.Open(_folder));

        Assert.Contains(expected, fault.Message);
        Assert.Contains("preprocessor_config.json", fault.Message);
    }

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
