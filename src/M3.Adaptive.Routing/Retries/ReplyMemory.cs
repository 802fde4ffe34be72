using M3.Adaptive.Routing.Requests;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Retries;

/// <summary>
/// Answers retries from memory: a tenant's request id is run once while its reply is remembered, also when calls overlap. Failed
/// and cancelled runs are forgotten. Bounded in number and age. Safe for concurrent use.
/// </summary>
internal sealed class ReplyMemory(TimeProvider clock, IOptionsMonitor<ReplyOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Id), Entry> _entries = [];
    private readonly Queue<Entry> _completed = [];                            // oldest first

    /// <summary>Runs the request, waits for the same one that is running, or gives the remembered reply.</summary>
    /// <exception cref="RequestIdReusedException">The id is known with different content.</exception>
    public async Task<GenerateReply> OnceAsync(string tenant, string id, string fingerprint, Func<Task<GenerateReply>> run, CancellationToken cancellation)
    {
        while (true)
        {
            var (entry, isNew) = Claim((tenant, id), fingerprint);
            if (isNew) return await RunAsync(entry, run);
            if (await entry.Reply.Task.WaitAsync(cancellation) is { } reply) return reply with { Replayed = true };
            // The other call failed or was cancelled: this one takes its place.
        }
    }

    private async Task<GenerateReply> RunAsync(Entry entry, Func<Task<GenerateReply>> run)
    {
        GenerateReply? reply = null;
        try
        {
            return reply = await run();
        }
        finally
        {
            Settle(entry, keep: reply is not null);
            entry.Reply.SetResult(reply);
        }
    }

    private (Entry Entry, bool IsNew) Claim((string Tenant, string Id) key, string fingerprint)
    {
        lock (_lock)
        {
            Forget_NeedsLock();
            if (!_entries.TryGetValue(key, out var entry))
            {
                entry = new Entry(key, fingerprint);
                _entries.Add(key, entry);
                return (entry, true);
            }

            return entry.Fingerprint == fingerprint
                ? (entry, false)
                : throw new RequestIdReusedException(key.Id);
        }
    }

    private void Settle(Entry entry, bool keep)
    {
        lock (_lock)
        {
            if (!keep)
            {
                _entries.Remove(entry.Key);
                return;
            }

            entry.Until = clock.GetUtcNow() + options.CurrentValue.KeepFor;
            _completed.Enqueue(entry);
            Forget_NeedsLock();
        }
    }

    private void Forget_NeedsLock()
    {
        while (_completed.TryPeek(out var oldest) && (_completed.Count > options.CurrentValue.MaxReplies || oldest.Until <= clock.GetUtcNow()))
            _entries.Remove(_completed.Dequeue().Key);
    }

    private sealed class Entry((string Tenant, string Id) key, string fingerprint)
    {
        public (string Tenant, string Id) Key => key;

        public string Fingerprint => fingerprint;

        /// <summary>Null when the run failed.</summary>
        public TaskCompletionSource<GenerateReply?> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DateTimeOffset Until { get; set; }
    }
}
