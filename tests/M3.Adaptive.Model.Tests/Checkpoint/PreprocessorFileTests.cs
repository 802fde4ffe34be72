using M3.Adaptive.Model.Checkpoint;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

/// <summary>What a folder says of bringing pictures to the model's input.</summary>
public sealed class PreprocessorFileTests : IDisposable
{
    private readonly TemporaryFolder _temp = new();
    private readonly string _folder;

    public PreprocessorFileTests()
    {
        _folder = _temp.Combine("tiny");
        TinyCheckpoint.Write(_folder);
    }

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

    public void Dispose() => _temp.Dispose();

    private string Hash()
    {
        using var folder = CheckpointFolder.Open(_folder);
        return folder.Identify().Hash;
    }
}
