using M3.Adaptive.CommandLine;

namespace M3.Adaptive.Service.Settings;

/// <summary>
/// Reads the settings' sources again every second. Live settings that have changed apply from then on, others are named as waiting for a restart. As long as anything at all
/// is wrong, everything stays as it is and the log says why, once.
/// </summary>
/// <param name="check">Throws a <see cref="CommandException"/> when the service would not start with such settings.</param>
internal sealed class SettingsWatch(
    SettingsSources sources, LiveConfiguration live, Action<IReadOnlyDictionary<string, string?>> check, TimeProvider clock, ILogger<SettingsWatch> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private IReadOnlyDictionary<string, string?> _seen = live.AtStart;
    private string? _told;

    /// <summary>Looks once; by one thread at a time.</summary>
    public void Look()
    {
        try
        {
            var found = sources.Read();
            List<string> changed = [.. found.Keys.Union(_seen.Keys, StringComparer.OrdinalIgnoreCase).Where(key => found.GetValueOrDefault(key) != _seen.GetValueOrDefault(key)).Order(StringComparer.Ordinal)];
            if (changed is not [])
            {
                check(found);
                Apply(changed, found);
            }

            (_seen, _told) = (found, null);
        }
        catch (CommandException fault)
        {
            if (fault.Message != _told) ServiceLog.SettingsKept(logger, fault.Message);
            _told = fault.Message;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!sources.MayChange) return;
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
    }

    private void Apply(IReadOnlyCollection<string> changed, IReadOnlyDictionary<string, string?> found)
    {
        List<string> now = [.. changed.Where(LiveSettings.Contains)], later = [.. changed.Except(now)];
        if (now is not [])
        {
            var told = string.Join(", ", now.Select(key => $"{key} {Show(key, found.GetValueOrDefault(key))} (before: {Show(key, live[key])})"));
            live.Change(now.Select(key => KeyValuePair.Create(key, found.GetValueOrDefault(key))));
            ServiceLog.SettingsChanged(logger, told);
        }

        if (later is not []) ServiceLog.SettingsWait(logger, string.Join(", ", later));
    }

    private static string Show(string key, string? value) => value ?? KnownSettings.Find(key)?.ShownDefault ?? "unset";
}
