using M3.Adaptive.Core;
using M3.Adaptive.Store.Decisions;
using M3.Adaptive.TestKit.Time;
using Xunit;

namespace M3.Adaptive.Store.Tests.Decisions;

public sealed class DecisionLogFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("m3-store-").FullName;

    private string LogPath => Path.Combine(_folder, "state", "decisions.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Append_ThenRead_GivesTheDecisionBack()
    {
        var decision = Decision(7) with { Features = [1.5f, float.NaN, 0.1f], RequestId = "r\n\"é日", Propensity = 0.04 };
        await using (var log = new DecisionLogFile(LogPath)) await log.AppendAsync(decision, default).Soon();

        var read = Assert.Single(DecisionLogFile.Read(LogPath));

        Assert.Equal(Show(decision), Show(read));
    }

    [Fact]
    public async Task Open_NewFile_IsItsOwnersAlone()
    {
        await using var log = new DecisionLogFile(LogPath);

        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LogPath));
    }

    [Fact]
    public async Task Append_Returned_IsInTheFileWhileTheLogIsOpen()
    {
        await using var log = new DecisionLogFile(LogPath);

        await log.AppendAsync(Decision(1), default).Soon();

        Assert.Single(DecisionLogFile.Read(LogPath));
    }

    [Fact]
    public async Task Append_ManyAtOnce_KeepsEachOnce()
    {
        await using (var log = new DecisionLogFile(LogPath))
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 50 },
                (i, cancellation) => log.AppendAsync(Decision(i), cancellation)).Soon();
        }

        Assert.Equal(
            Enumerable.Range(0, 1000).Select(i => Decision(i).DecisionId).Order(),
            DecisionLogFile.Read(LogPath).Select(decision => decision.DecisionId).Order());
    }

    [Fact]
    public async Task Open_AgainAfterClosing_GoesOn()
    {
        for (var i = 0; i < 3; i++)
        {
            await using var log = new DecisionLogFile(LogPath);
            await log.AppendAsync(Decision(i), default).Soon();
        }

        Assert.Equal([0, 1, 2], DecisionLogFile.Read(LogPath).Select(Number));
    }

    [Fact]
    public async Task Open_AfterACrashAtAnyByte_KeepsEveryWholeLineAndAppendsBehindIt()
    {
        await using (var log = new DecisionLogFile(LogPath))
            for (var i = 0; i < 3; i++) await log.AppendAsync(Decision(i), default).Soon();
        var whole = await File.ReadAllBytesAsync(LogPath);

        for (var length = 0; length <= whole.Length; length += 7)
        {
            await File.WriteAllBytesAsync(LogPath, whole[..length]);
            var lines = whole[..length].Count(letter => letter == '\n');
            Assert.Equal(Enumerable.Range(0, lines), DecisionLogFile.Read(LogPath).Select(Number));

            await using (var log = new DecisionLogFile(LogPath)) await log.AppendAsync(Decision(9), default).Soon();

            Assert.Equal([.. Enumerable.Range(0, lines), 9], DecisionLogFile.Read(LogPath).Select(Number));
        }
    }

    [Fact]
    public async Task Open_TornLineLongerThanABlock_IsDropped()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LogPath)!);           // the path has a folder
        await File.WriteAllTextAsync(LogPath, new string('x', 10_000));

        await using (var log = new DecisionLogFile(LogPath)) await log.AppendAsync(Decision(5), default).Soon();

        Assert.Equal(5, Number(Assert.Single(DecisionLogFile.Read(LogPath))));
    }

    [Fact]
    public async Task Read_DamagedLineInTheMiddle_NamesIt()
    {
        await using (var log = new DecisionLogFile(LogPath))
            for (var i = 0; i < 3; i++) await log.AppendAsync(Decision(i), default).Soon();
        var lines = await File.ReadAllLinesAsync(LogPath);
        await File.WriteAllLinesAsync(LogPath, [lines[0], lines[1][..20], lines[2]]);

        var exception = Assert.Throws<StoreException>(() => DecisionLogFile.Read(LogPath).ToArray());

        Assert.Contains("line 2", exception.Message);
    }

    [Fact]
    public void Read_NoFile_IsEmpty() => Assert.Empty(DecisionLogFile.Read(LogPath));

    [Fact]
    public async Task Open_AnotherWriterHasIt_SaysWhatToDo()
    {
        await using var log = new DecisionLogFile(LogPath);

        var exception = Assert.Throws<StoreException>(() => new DecisionLogFile(LogPath));

        Assert.Contains("M3_STATE", exception.Message);
    }

    [Fact]
    public async Task Dispose_NothingKept_LeavesNothingThatItMade()
    {
        await using (new DecisionLogFile(LogPath))
        {
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Dispose_DecisionsKept_LeavesTheFileAlone()
    {
        await using (var log = new DecisionLogFile(LogPath)) await log.AppendAsync(Decision(1), default).Soon();

        Assert.Equal([LogPath], Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Dispose_FolderHasSomethingElse_LeavesIt()
    {
        await using (new DecisionLogFile(LogPath)) File.WriteAllText(Path.Combine(_folder, "state", "notes.txt"), "mine");

        Assert.Equal("notes.txt", Path.GetFileName(Assert.Single(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))));
    }

    [Fact]
    public void Open_FolderIsAFile_NamesItAndLeavesIt()
    {
        var file = Path.Combine(_folder, "state");
        File.WriteAllText(file, "mine");

        var exception = Assert.Throws<StoreException>(() => new DecisionLogFile(LogPath));

        Assert.Contains(file, exception.Message);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public async Task Append_AfterClosing_IsRefused()
    {
        var log = new DecisionLogFile(LogPath);
        await log.DisposeAsync();
        await log.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => log.AppendAsync(Decision(1), default).Soon());
    }

    [Fact]
    public async Task Append_CancelledBefore_KeepsNothing()
    {
        await using var log = new DecisionLogFile(LogPath);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.AppendAsync(Decision(1), new CancellationToken(canceled: true)).Soon());

        Assert.Empty(DecisionLogFile.Read(LogPath));
    }

    private static string Show(DecisionRecord decision) =>
        $"{decision with { Features = [], Success = [], Path = [] }} {string.Join(' ', decision.Features)} {string.Join(' ', decision.Success)} {string.Join(' ', decision.Path)}"
            .Replace("System.Single[]", "").Replace("System.Collections.Generic.List`1[M3.Adaptive.Core.StepRecord]", "").Replace("M3.Adaptive.Core.StepRecord[]", "");

    private static int Number(DecisionRecord decision) => int.Parse(decision.DecisionId.ToString("N")[^8..]);

    internal static DecisionRecord Decision(int number) => new()
    {
        DecisionId = Guid.ParseExact($"{number:D32}", "N"),
        At = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(number),
        RequestId = $"r{number}",
        ModelVersion = "m@1",
        PredictorVersion = "p-1",
        ImageHash = "00",
        Features = [0.25f],
        Success = [0.1f, 0.2f, 0.3f, 0.4f, 0.5f],
        Propensity = 1,
        Path = [new StepRecord(9, "Quality", 0.2f, null, new Cost(9, 1e9, 0.01))],
        Charged = new Cost(9, 1e9, 0.01),
    };
}
