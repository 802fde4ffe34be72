using System.CommandLine;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Service.Settings;
using M3.Adaptive.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Service.Administration;

/// <summary>The store that the service itself would use, for a command: a running service may go on using it.</summary>
internal sealed class StoreAccess
{
    private readonly Option<string?> _settings = new("--settings")
    {
        Description = "JSON file of settings, the one that the service is started with; the environment counts, too.",
        HelpName = "FILE",
    };

    public Option Option => _settings;

    /// <summary>Opens the store, runs the work and closes it.</summary>
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public async Task UseAsync(ParseResult parsed, Func<AdaptiveStore, CancellationToken, Task> work, CancellationToken cancellation)
    {
        IEnumerable<StatedSetting> file = parsed.GetValue(_settings) is { } path ? SettingsFile.Read(path) : [];
        var values = SettingsReader.Read([.. file, .. EnvironmentSettings.Read(Environment.GetEnvironmentVariables())]);
        var options = new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection(StoreOptions.Section).Get<StoreOptions>() ?? new();
        await using var store = new AdaptiveStore(options, StateFolder.Path, TimeProvider.System, NullLoggerFactory.Instance);
        store.Probe();
        await store.OpenAsync(cancellation);
        try
        {
            await work(store, cancellation);
        }
        catch (StoreUnavailableException fault)
        {
            throw new CommandException(fault.Message, ExitCode.Failure, fault);
        }
    }
}
