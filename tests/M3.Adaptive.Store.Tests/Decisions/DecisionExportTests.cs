using M3.Adaptive.Core;
using M3.Adaptive.Store.Decisions;
using M3.Adaptive.Store.Tests.Doubles;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Time;
using Parquet.Serialization;

namespace M3.Adaptive.Store.Tests.Decisions;

public sealed class DecisionExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => _folder.Combine("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_JsonLines_IsReadBackTheSame()
    {
        await ExportAsync(3, ExportFormat.JsonLines);

        Assert.Equivalent(Enumerable.Range(0, 3).Select(Some.Decision), DecisionFile.Read(Out), strict: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(10_001)]
    public async Task Write_Parquet_HasEveryDecisionWithItsPath(int count)
    {
        await ExportAsync(count, ExportFormat.Parquet);

        await using var file = File.OpenRead(Out);
        var rows = (await ParquetSerializer.DeserializeAsync<DecisionColumns>(file).Soon()).Data;
        Assert.Equivalent(Enumerable.Range(0, count).Select(Some.Decision).Select(DecisionColumns.Of).TakeLast(2), rows.TakeLast(2), strict: true);
        Assert.Equal(count, rows.Count);
    }

    [Fact]
    public async Task Write_FailsMidway_LeavesTheOldFileAlone()
    {
        File.WriteAllText(Out, "old");

        await Assert.ThrowsAsync<InvalidOperationException>(() => DecisionExport.WriteAsync(Breaking(), Out, ExportFormat.JsonLines, default).Soon());

        Assert.Equal("old", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder.Path))));
    }

    private async Task ExportAsync(int count, ExportFormat format) => Assert.Equal(
        count, await DecisionExport.WriteAsync(Enumerable.Range(0, count).Select(Some.Decision).ToAsyncEnumerable(), Out, format, default).Soon());

    private static async IAsyncEnumerable<DecisionRecord> Breaking()
    {
        yield return Some.Decision(1);
        await Task.Yield();
        throw new InvalidOperationException("The database is gone.");
    }
}
