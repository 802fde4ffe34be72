using M3.Adaptive.CommandLine;

namespace M3.Adaptive.Service.Settings;

/// <summary>Settings of several sources as one: the later source wins, and every fault of any is told.</summary>
internal static class SettingsReader
{
    /// <param name="stated">From the weakest source to the strongest.</param>
    /// <returns>Values by full names, as configuration binds them.</returns>
    /// <exception cref="CommandException">Settings are unknown or have wrong values; the message names each, its place and what is expected.</exception>
    public static IReadOnlyDictionary<string, string?> Read(params IEnumerable<StatedSetting> stated)
    {
        var values = new Dictionary<string, string?>(LogLevels.Defaults, StringComparer.OrdinalIgnoreCase);
        List<string> faults = [];
        foreach (var setting in stated)
        {
            if (FaultOf(setting, out var value) is { } fault) faults.Add(fault);
            else values[setting.Key] = value;
        }

        return faults.Count == 0 ? values : throw new CommandException($"wrong settings: {string.Join("; ", faults)}");
    }

    private static string? FaultOf(StatedSetting setting, out string? value)
    {
        value = null;
        if (LogLevels.IsOne(setting.Key))
        {
            value = LogLevels.Normalize(setting.Text);
            return value is null ? Wrong(setting, $"one of {LogLevels.Expectation}") : null;
        }

        if (KnownSettings.Find(setting.Key) is not { } known) return Unknown(setting);
        value = known.Normalize(setting.Text);
        return value is null ? Wrong(setting, known.Expectation) : null;
    }

    private static string Wrong(StatedSetting setting, string expected) => $"{setting.Place} is '{setting.Text}', expected {expected}";

    private static string Unknown(StatedSetting setting) => KnownSettings.WhatReplaced(setting.Key) is { } instead
        ? $"{setting.Place} is gone: {instead}"
        : $"{setting.Place} is no setting, the nearest one is {setting.Spelling(KnownSettings.NearestTo(setting.Key).Setting.Key)}";
}
