using M3.Adaptive.Training.ModelTraining;
using Xunit;

namespace M3.Adaptive.Training.Tests.ModelTraining;

public sealed class FeatureStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("m3-features-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_NoFeatures_SaysHowToMakeThem() => Assert.Contains("run train features", Failure(), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("""{"Kind":"sign","Questions":[],"PatchClass":[0],"CharacterIndex":[-1],"PatchRgb":"AAAA"}""")]
    public void Read_NoScenesOrOfAnEarlierRelease_SaysHowToMakeThemAnew(string scenes)
    {
        File.WriteAllBytes(Path.Combine(_folder, "features.bin"), []);
        File.WriteAllText(Path.Combine(_folder, "scenes.jsonl"), scenes);

        Assert.Contains("delete the folder", Failure(), StringComparison.Ordinal);
    }

    private string Failure() => Assert.Throws<InvalidDataException>(() => FeatureStore.Read(_folder, 1, 1)).Message;
}
