using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Predictor.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Predictor.Tests.Artifact;

public sealed class PredictorArtifactTests : IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("m3-predictor-");
    private readonly string _folder;

    public PredictorArtifactTests()
    {
        _folder = Path.Combine(_temporary.FullName, "predictor");
        CommittedPredictor.Artifact.Save(_folder);
    }

    public void Dispose() => _temporary.Delete(recursive: true);

    [Fact]
    public void Save_ThenLoad_PredictsTheSame()
    {
        var before = CommittedPredictor.Load(CommittedPredictor.Folder);

        var after = CommittedPredictor.Load(_folder);

        Assert.Equal(before.Version, after.Version);
        for (var seed = 0; seed < 20; seed++)
        {
            Assert.True(before.TryPredict(CommittedPredictor.Evidence(seed), "what does the sign say", out var expected));
            Assert.True(after.TryPredict(CommittedPredictor.Evidence(seed), "what does the sign say", out var prediction));
            Assert.Equal(expected.Success, prediction.Success);
        }
    }

    [Fact]
    public void Save_OverAnother_ReplacesItAsAWhole()
    {
        Edit("\"seed\": 1", "\"seed\": 5");

        CommittedPredictor.Artifact.Save(_folder);

        Assert.Equal(CommittedPredictor.Artifact.Version, PredictorArtifact.Load(_folder).Version);
        Assert.Equal([_folder], Directory.GetDirectories(_temporary.FullName));
    }

    [Fact]
    public void Save_FolderWithADocument_IsRefusedAndLeftAsItIs()
    {
        var document = Path.Combine(_folder, "thesis.txt");
        File.WriteAllText(document, "years of work");

        var refused = Assert.Throws<PredictorException>(() => CommittedPredictor.Artifact.Save(_folder));

        Assert.Contains("thesis.txt", refused.Message, StringComparison.Ordinal);
        Assert.Equal("years of work", File.ReadAllText(document));
        Assert.Equal(["predictor"], _temporary.EnumerateFileSystemInfos().Select(static entry => entry.Name));
    }

    [Fact]
    public void Save_ManifestOfAnotherProgram_IsRefused()
    {
        var folder = _temporary.CreateSubdirectory("site").FullName;
        File.WriteAllText(Path.Combine(folder, "manifest.json"), """{"name": "a web site"}""");

        Assert.Throws<PredictorException>(() => CommittedPredictor.Artifact.Save(folder));

        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void Save_FileOfThatName_IsRefused()
    {
        var file = Path.Combine(_temporary.FullName, "notes");
        File.WriteAllText(file, "x");

        Assert.Throws<PredictorException>(() => CommittedPredictor.Artifact.Save(file));

        Assert.Equal("x", File.ReadAllText(file));
    }

    [Fact]
    public void Save_EmptyFolder_IsTaken()
    {
        var folder = _temporary.CreateSubdirectory("new").FullName;

        CommittedPredictor.Artifact.Save(folder);

        Assert.Equal(CommittedPredictor.Artifact.Version, PredictorArtifact.Load(folder).Version);
    }

    [Fact]
    public void Load_OtherModel_NamesBoth()
    {
        var exception = Assert.Throws<PredictorException>(() => TrainedPredictor.Load(_folder, new string('b', 64)));

        Assert.Contains(CommittedPredictor.Model.Version, exception.Message);
        Assert.Contains("bbbbbbbb", exception.Message);
    }

    [Fact]
    public void Load_NoFolder_SaysHowToTrain()
    {
        var exception = Assert.Throws<PredictorException>(() => PredictorArtifact.Load(Path.Combine(_temporary.FullName, "none")));

        Assert.Contains("train one", exception.Message);
    }

    [Theory]
    [InlineData("prior-1.zip")]
    [InlineData("after-9-at-576.zip")]
    [InlineData("unfamiliarity.json")]
    [InlineData("prices.json")]
    [InlineData("calibration.json")]
    [InlineData("features.json")]
    public void Load_AnyFileAltered_NamesIt(string name)
    {
        var path = Path.Combine(_folder, name);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Contains(name, Assert.Throws<PredictorException>(() => PredictorArtifact.Load(_folder)).Message);
    }

    [Theory]
    [InlineData("prior-36.zip")]
    [InlineData("calibration.json")]
    public void Load_AnyFileMissing_NamesIt(string name)
    {
        File.Delete(Path.Combine(_folder, name));

        Assert.Contains(name, Assert.Throws<PredictorException>(() => PredictorArtifact.Load(_folder)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"format\": 3}")]
    public void Load_BrokenManifest_IsRefused(string text)
    {
        File.WriteAllText(Path.Combine(_folder, "manifest.json"), text);

        Assert.Contains("manifest.json", Assert.Throws<PredictorException>(() => PredictorArtifact.Load(_folder)).Message);
    }

    [Fact]
    public void Load_LaterFormat_IsRefused()
    {
        Edit("\"format\": 3", "\"format\": 4");

        Assert.Contains("format 4", Assert.Throws<PredictorException>(() => PredictorArtifact.Load(_folder)).Message);
    }

    [Fact]
    public void Load_ManifestPointsOutside_IsRefused()
    {
        Edit("\"prior-1.zip\"", "\"../prior-1.zip\"");

        Assert.Contains("no plain file name", Assert.Throws<PredictorException>(() => PredictorArtifact.Load(_folder)).Message);
    }

    [Fact]
    public void Load_EarlierFormat_IsRefusedAndReplaceable()
    {
        Edit("\"format\": 3", "\"format\": 1");

        Assert.Contains("train again", Assert.Throws<PredictorException>(() => PredictorArtifact.Load(_folder)).Message);
        CommittedPredictor.Artifact.Save(_folder);
        Assert.Equal(CommittedPredictor.Artifact.Version, PredictorArtifact.Load(_folder).Version);
    }

    [Fact]
    public void Version_OtherTimeOfTraining_IsTheSame()
    {
        var time = PredictorArtifact.Load(_folder).Manifest.TrainedAt;
        Edit($"{time.Year}-", "2001-");

        var edited = PredictorArtifact.Load(_folder);

        Assert.NotEqual(time, edited.Manifest.TrainedAt);
        Assert.Equal(CommittedPredictor.Artifact.Version, edited.Version);
    }

    [Fact]
    public void Version_ManifestChanges_Changes()
    {
        Edit("\"seed\": 1", "\"seed\": 5");

        Assert.NotEqual(CommittedPredictor.Artifact.Version, PredictorArtifact.Load(_folder).Version);
    }

    private void Edit(string from, string to)
    {
        var path = Path.Combine(_folder, "manifest.json");
        var text = File.ReadAllText(path);
        Assert.Contains(from, text);
        File.WriteAllText(path, text.Replace(from, to));
    }
}
