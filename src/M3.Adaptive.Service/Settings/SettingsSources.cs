using M3.Adaptive.CommandLine;

namespace M3.Adaptive.Service.Settings;

/// <summary>Where settings are stated: a file, which may change while the service runs, and what was stated at the start, which wins over it.</summary>
/// <param name="file">JSON; null for none.</param>
/// <param name="others">From the weaker source to the stronger.</param>
internal sealed class SettingsSources(string? file, IReadOnlyList<StatedSetting> others)
{
    /// <summary>Whether anything can change.</summary>
    public bool MayChange => file is not null;

    /// <summary>What all of them say now, as configuration binds it.</summary>
    /// <exception cref="CommandException">The file cannot be read, or settings are unknown or have wrong values.</exception>
    public IReadOnlyDictionary<string, string?> Read() => SettingsReader.Read([.. file is null ? [] : SettingsFile.Read(file), .. others]);
}
