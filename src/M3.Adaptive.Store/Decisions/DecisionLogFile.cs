using System.Text.Json;
using System.Threading.Channels;
using M3.Adaptive.Core;

namespace M3.Adaptive.Store.Decisions;

/// <summary>
/// Decisions as an append-only file of JSON lines. Appends that arrive while the device is busy share its next flush (group
/// commit), so that durability costs one flush for many requests. Safe for concurrent use; one process a file.
/// </summary>
public sealed class DecisionLogFile : IDecisionLog, IStateStore, IAsyncDisposable
{
    private const int MaxBatch = 1024;

    private readonly IAppendOnlyFile _file;
    private readonly Channel<Pending> _arrivals = Channel.CreateUnbounded<Pending>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writer;
    private int _disposed;

    /// <summary>Opens or makes the file and its folder; part of a line left by a killed process is dropped.</summary>
    /// <exception cref="StoreException">Another process writes it, or it cannot be written; nothing is left behind.</exception>
    public DecisionLogFile(string path)
        : this(new AppendOnlyFile(path))
    {
    }

    internal DecisionLogFile(IAppendOnlyFile file)
    {
        _file = file;
        _writer = Task.Factory.StartNew(WriteAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Returns once the decision is durable. A call cancelled while waiting may still have been kept.</summary>
    /// <exception cref="StoreUnavailableException">The device refused; nothing of this decision is kept.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    public ValueTask AppendAsync(DecisionRecord decision, CancellationToken cancellation) =>
        CommitAsync([.. JsonSerializer.SerializeToUtf8Bytes(decision, DecisionJson.Default.DecisionRecord), (byte)'\n'], cancellation);

    /// <summary>Returns when there is room for a decision. Nothing is flushed for it.</summary>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    public ValueTask CheckAsync(CancellationToken cancellation) => CommitAsync([], cancellation);

    private async ValueTask CommitAsync(byte[] line, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var pending = new Pending(line);
        ObjectDisposedException.ThrowIf(!_arrivals.Writer.TryWrite(pending), this);
        await pending.Durable.Task.WaitAsync(cancellation);
    }

    /// <summary>Every whole line, oldest first; part of a line at the end is left out. A file that does not exist holds none.</summary>
    /// <exception cref="StoreException">A line is damaged.</exception>
    public static IEnumerable<DecisionRecord> Read(string path)
    {
        if (!File.Exists(path)) yield break;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var number = 0;
        var next = ReadWholeLine(reader);
        while (next is { } line)
        {
            number++;
            yield return Parse(line, path, number);
            next = ReadWholeLine(reader);
        }
    }

    /// <summary>Keeps what was appended, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _arrivals.Writer.Complete();
        await _writer;
        _file.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new List<Pending>();
        while (await _arrivals.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && _arrivals.Reader.TryRead(out var pending)) batch.Add(pending);
            Commit(batch);
            batch.Clear();
        }
    }

    private void Commit(List<Pending> batch)
    {
        var before = _file.Length;
        try
        {
            byte[] lines = [.. batch.SelectMany(pending => pending.Line)];
            if (lines.Length == 0)
            {
                _file.EnsureRoom();
            }
            else
            {
                _file.Append(lines);
                _file.Flush();
            }
        }
        catch (Exception fault)                                               // goes to every caller that waits for it
        {
            Undo(before);
            var told = new StoreUnavailableException($"decisions cannot be kept: {fault.Message}", fault);
            foreach (var pending in batch) pending.Durable.SetException(told);
            return;
        }

        foreach (var pending in batch) pending.Durable.SetResult();
    }

    // Half a batch must not stay in front of the next one.
    private void Undo(long length)
    {
        try
        {
            _file.Truncate(length);
        }
        catch (IOException)
        {
            // The device refuses this as well; the callers are told of the first fault, and reading names the damaged line.
        }
    }

    // StreamReader.ReadLine does not tell a line from its torn beginning.
    private static string? ReadWholeLine(StreamReader reader)
    {
        var line = new System.Text.StringBuilder();
        for (var letter = reader.Read(); letter >= 0; letter = reader.Read())
        {
            if (letter == '\n') return line.ToString();
            line.Append((char)letter);
        }

        return null;
    }

    private static DecisionRecord Parse(string line, string path, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, DecisionJson.Default.DecisionRecord) ?? throw new JsonException("it is null");
        }
        catch (JsonException fault)
        {
            throw new StoreException($"{path}, line {number}: {fault.Message} Remove the line to go on without that decision.", fault);
        }
    }

    private sealed class Pending(byte[] line)
    {
        public byte[] Line => line;

        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
