using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Store;
using M3.Adaptive.Store.Decisions;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Training.Retraining;

/// <summary>Where logged decisions are read from: exported files, or the store that a service may be using meanwhile.</summary>
internal static class DecisionSource
{
    /// <exception cref="CommandException">A file is missing, or the store cannot be read now.</exception>
    public static async Task<IReadOnlyList<DecisionRecord>> ReadAsync(IReadOnlyCollection<FileInfo> files, CancellationToken cancellation)
    {
        if (files.FirstOrDefault(file => !file.Exists) is { } missing) throw new CommandException($"{missing.FullName} does not exist: name a file that decisions export wrote");
        if (files.Count > 0) return [.. files.SelectMany(file => DecisionFile.Read(file.FullName))];

        var options = new StoreOptions { PostgreSql = Environment.GetEnvironmentVariable($"{StoreOptions.Section}__{nameof(StoreOptions.PostgreSql)}") };
        if (options.PostgreSql is null && !File.Exists(Path.Combine(StateFolder.Path, AdaptiveStore.FileName))) return [];
        await using var store = new AdaptiveStore(options, StateFolder.Path, TimeProvider.System, NullLoggerFactory.Instance);
        try
        {
            await store.OpenAsync(cancellation);
            List<DecisionRecord> decisions = [];
            await foreach (var decision in store.Decisions.ReadAsync(from: null, until: null, cancellation)) decisions.Add(decision);
            return decisions;
        }
        catch (StoreUnavailableException fault)
        {
            throw new CommandException(fault.Message, ExitCode.Failure, fault);
        }
    }
}
