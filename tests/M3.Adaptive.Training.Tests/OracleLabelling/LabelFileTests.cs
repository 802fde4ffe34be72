using System.IO.Compression;
using System.Text;
using M3.Adaptive.Predictor;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.TestKit.Files;
using Xunit;

namespace M3.Adaptive.Training.Tests.OracleLabelling;

public sealed class LabelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.Combine(LabelFile.NameOf("routing"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Save_ThenLoad_GivesTheTableBack()
    {
        var table = SyntheticLabels.Make("routing", 20, 1);

        LabelFile.Save(table, Path);
        var loaded = LabelFile.Load(Path);

        Assert.Equal(table.Header, loaded.Header);
        Assert.Equal(table.ImageFeatures, loaded.ImageFeatures);
        Assert.Equal(table.Items.Select(Show), loaded.Items.Select(Show));
        Assert.Equal(table.FeaturesOf(table.Items[7]), loaded.FeaturesOf(loaded.Items[7]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Save_OverSomethingElse_RefusesAndLeavesIt(bool zipped)
    {
        using (Stream file = zipped ? new GZipStream(File.Create(Path), CompressionLevel.Fastest) : File.Create(Path)) file.Write("years of work"u8);
        var before = File.ReadAllBytes(Path);

        Assert.Contains("no label table", Assert.Throws<PredictorException>(() => LabelFile.Save(SyntheticLabels.Make("routing", 20, 1), Path)).Message, StringComparison.Ordinal);

        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Save_OverATableThatWasCut_ReplacesIt()
    {
        var table = SyntheticLabels.Make("routing", 20, 1);
        LabelFile.Save(table, Path);
        var whole = File.ReadAllBytes(Path);
        File.WriteAllBytes(Path, whole[..(whole.Length / 2)]);

        LabelFile.Save(table, Path);

        Assert.Equal(whole, File.ReadAllBytes(Path));
    }

    [Fact]
    public void Save_Twice_GivesTheSameBytes()
    {
        LabelFile.Save(SyntheticLabels.Make("routing", 20, 1), Path);
        var first = File.ReadAllBytes(Path);

        LabelFile.Save(SyntheticLabels.Make("routing", 20, 1), Path);

        Assert.Equal(first, File.ReadAllBytes(Path));
    }

    [Fact]
    public void Save_ThousandItems_IsSmall()
    {
        LabelFile.Save(SyntheticLabels.Make("routing", 500, 1), Path);

        Assert.InRange(new FileInfo(Path).Length, 1, 350_000);
    }

    [Fact]
    public void Load_Missing_SaysHowToMakeIt() => Refuses("does not exist");

    [Fact]
    public void Load_CutAnywhere_IsRefused()
    {
        LabelFile.Save(SyntheticLabels.Make("routing", 20, 1), Path);
        var whole = File.ReadAllBytes(Path);

        for (var length = 0; length < whole.Length - 8; length += 211)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Refuses("line");
        }
    }

    [Fact]
    public void Load_LastLineLost_IsRefused() => Refuses("cut short", lines => lines[..^1]);

    [Fact]
    public void Load_ItemLost_IsRefused() => Refuses("the end says", lines => [.. lines[..^2], lines[^1]]);

    [Fact]
    public void Load_OtherFeatureVersion_IsRefused() => Refuses("features of version 2", lines => [lines[0].Replace("\"features\":1", "\"features\":2"), .. lines[1..]]);

    [Fact]
    public void Load_ItemWithoutItsPicture_NamesTheLine() => Refuses("line 2", lines => [lines[0], .. lines[2..]]);

    [Fact]
    public void Load_FourOutcomes_AreRefused() => Refuses("5 outcomes", lines => [.. lines.Select(line => line.Replace("\"right\":\"", "\"right\":\"0"))]);

    [Fact]
    public void Load_UnknownKind_IsRefused() => Refuses("line 1", lines => [lines[0].Replace("\"labels\"", "\"tables\""), .. lines[1..]]);

    private static object Show(LabelItem item) => string.Join('|', [
        item.Id, item.Image, item.Question, item.Family,
        .. item.Outcomes.Select(outcome => $"{outcome.Right} {outcome.Answer} {outcome.Charged} {outcome.Evidence.Encode()}"),
    ]);

    private void Refuses(string expected, Func<string[], string[]> damage)
    {
        LabelFile.Save(SyntheticLabels.Make("routing", 3, 1), Path);
        string[] lines;
        using (var reader = new StreamReader(new GZipStream(File.OpenRead(Path), CompressionMode.Decompress)))
            lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using (var zip = new GZipStream(File.Create(Path), CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes(string.Join('\n', damage(lines)) + "\n"));
        Refuses(expected);
    }

    private void Refuses(string expected) =>
        Assert.Contains(expected, Assert.Throws<PredictorException>(() => LabelFile.Load(Path)).Message);
}
