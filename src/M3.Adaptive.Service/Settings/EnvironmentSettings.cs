using System.Collections;

namespace M3.Adaptive.Service.Settings;

/// <summary>
/// Settings among the environment's variables: <c>Server__Port</c>. A variable belongs to the service when its first part is one of the
/// settings' sections, or when its whole name is within two letters of a setting's; the others are somebody else's.
/// </summary>
internal static class EnvironmentSettings
{
    private const string Separator = "__";
    private const int MostLettersWrong = 2;

    public static IEnumerable<StatedSetting> Read(IDictionary variables) =>
        from variable in variables.Cast<DictionaryEntry>()
        let name = (string)variable.Key
        where name.Contains(Separator, StringComparison.Ordinal)
        let key = name.Replace(Separator, ":", StringComparison.Ordinal)
        where LogLevels.IsOne(key) || KnownSettings.Sections.Contains(key.Split(':')[0]) || KnownSettings.NearestTo(key).Distance <= MostLettersWrong
        orderby name
        select new StatedSetting(
            key, (string?)variable.Value ?? "", $"the environment variable {name}", static known => known.Replace(":", Separator, StringComparison.Ordinal));
}
