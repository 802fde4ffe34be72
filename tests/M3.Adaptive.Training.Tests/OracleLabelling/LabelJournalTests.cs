using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.TestKit.Files;
using Xunit;

namespace M3.Adaptive.Training.Tests.OracleLabelling;

public sealed class LabelJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LabelTable _table = SyntheticLabels.Make("routing", 12, 1);

    private string Path => _folder.Combine("journal.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_Again_GoesOnWithWhatIsFinished()
    {
        var pictures = Pictures();
        Write(pictures[..2]);

        using var journal = LabelJournal.Open(Path, _table.Header);
        Assert.True(journal.Holds(pictures[0].Image));
        Assert.False(journal.Holds(pictures[2].Image));
        foreach (var (image, items) in pictures[2..]) journal.Add(image, _table.ImageFeatures[image], items);

        var table = journal.ToTable(_table.Items.Select(item => item.Id));
        LabelFile.Save(table, _folder.Combine("resumed"));
        LabelFile.Save(_table, _folder.Combine("whole"));
        Assert.Equal(File.ReadAllBytes(_folder.Combine("whole")), File.ReadAllBytes(_folder.Combine("resumed")));
    }

    [Fact]
    public void Open_KilledInTheMiddleOfAPicture_KeepsThoseBefore()
    {
        var pictures = Pictures();
        Write(pictures[..1]);
        var one = new FileInfo(Path).Length;
        Write(pictures[1..2]);
        var two = File.ReadAllBytes(Path);

        for (var length = one; length < two.Length; length += 97)
        {
            File.WriteAllBytes(Path, two[..(int)length]);
            using var journal = LabelJournal.Open(Path, _table.Header);
            Assert.Equal(pictures[0].Items.Length, journal.Items);
            journal.Add(pictures[1].Image, _table.ImageFeatures[pictures[1].Image], pictures[1].Items);
        }

        Assert.Equal(two, File.ReadAllBytes(Path));
    }

    [Fact]
    public void Open_OtherModel_BeginsAnew()
    {
        Write(Pictures());

        using var journal = LabelJournal.Open(Path, _table.Header with { Model = new ModelIdentity("other", new string('a', 64)) });

        Assert.Equal(0, journal.Items);
    }

    [Theory]
    [InlineData("no JSON\n")]
    [InlineData("{\"kind\":\"end\",\"items\":0}\n")]
    [InlineData("")]
    public void Open_AnythingElse_BeginsAnew(string content)
    {
        File.WriteAllText(Path, content);

        using (var journal = LabelJournal.Open(Path, _table.Header)) Assert.Equal(0, journal.Items);

        Write(Pictures()[..1]);
        using var again = LabelJournal.Open(Path, _table.Header);
        Assert.Equal(Pictures()[0].Items.Length, again.Items);
    }

    [Fact]
    public void ToTable_NotFinished_IsRefused()
    {
        Write(Pictures()[..1]);

        using var journal = LabelJournal.Open(Path, _table.Header);

        Assert.Throws<KeyNotFoundException>(() => journal.ToTable(_table.Items.Select(item => item.Id)));
    }

    [Fact]
    public void Delete_Finished_LeavesNoFile()
    {
        using var journal = LabelJournal.Open(Path, _table.Header);

        journal.Delete();

        Assert.False(File.Exists(Path));
    }

    private (string Image, LabelItem[] Items)[] Pictures() => [.. _table.Items.GroupBy(item => item.Image).Select(group => (group.Key, group.ToArray()))];

    private void Write((string Image, LabelItem[] Items)[] pictures)
    {
        using var journal = LabelJournal.Open(Path, _table.Header);
        foreach (var (image, items) in pictures) journal.Add(image, _table.ImageFeatures[image], items);
    }
}
