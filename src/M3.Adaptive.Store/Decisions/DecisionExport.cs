using System.Text.Json;
using M3.Adaptive.Core;
using Parquet;
using Parquet.Serialization;

namespace M3.Adaptive.Store.Decisions;

public enum ExportFormat
{
    /// <summary>One JSON object a line, camelCase; a missing feature is "NaN".</summary>
    JsonLines = 0,

    /// <summary>Apache Parquet, a row group for each 10,000 decisions.</summary>
    Parquet = 1,
}

/// <summary>Decisions as a file for other tools. It lies whole in its place, or not at all.</summary>
public static class DecisionExport
{
    private const int RowGroup = 10_000;

    /// <param name="path">An existing file is replaced at the end.</param>
    /// <returns>How many decisions were written.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task<int> WriteAsync(IAsyncEnumerable<DecisionRecord> decisions, string path, ExportFormat format, CancellationToken cancellation)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}.unfinished";
        try
        {
            int count;
            await using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                count = format == ExportFormat.Parquet
                    ? await WriteParquetAsync(decisions, file, cancellation)
                    : await WriteJsonLinesAsync(decisions, file, cancellation);
            }

            File.Move(unfinished, path, overwrite: true);
            return count;
        }
        finally
        {
            File.Delete(unfinished);                                          // once it has been moved, nothing is there
        }
    }

    private static async Task<int> WriteJsonLinesAsync(IAsyncEnumerable<DecisionRecord> decisions, FileStream file, CancellationToken cancellation)
    {
        var count = 0;
        await foreach (var decision in decisions.WithCancellation(cancellation))
        {
            await file.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(decision, DecisionJson.Default.DecisionRecord), (byte)'\n'], cancellation);
            count++;
        }

        return count;
    }

    private static async Task<int> WriteParquetAsync(IAsyncEnumerable<DecisionRecord> decisions, FileStream file, CancellationToken cancellation)
    {
        var count = 0;
        await foreach (var rows in decisions.Select(DecisionColumns.Of).Chunk(RowGroup).WithCancellation(cancellation))
        {
            await AppendAsync(rows);
            count += rows.Length;
        }

        if (count == 0) await AppendAsync([]);                                // a file without rows still names its columns
        return count;

        Task AppendAsync(DecisionColumns[] rows) =>
            ParquetSerializer.SerializeAsync(rows, file, new ParquetOptions { Append = count > 0 }, cancellationToken: cancellation);
    }
}
