using System.Reflection;

namespace M3.Adaptive.Service.Settings;

/// <summary>Every setting there is: the writable properties of the options classes, which name their section in a constant of that name.</summary>
internal static class KnownSettings
{
    private const string Product = "M3.Adaptive.";
    private const string InsteadOfThresholds =
        "what a finer scale is worth decides; set Routing:Risk, Routing:TargetVisualTokens or Routing:PricePerVisualToken";

    private static readonly Dictionary<string, string> Gone = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Routing:Escalation:ConfidenceThreshold"] = InsteadOfThresholds,
        ["Routing:Escalation:MinGain"] = InsteadOfThresholds,
    };

    public static IReadOnlyList<KnownSetting> All { get; } =
    [
        .. from owner in Owners()
           from type in owner.GetTypes()
           let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
           where section is not null
           orderby section
           from property in type.GetProperties()
           where property.CanWrite
           let defaults = Activator.CreateInstance(type)
           select new KnownSetting($"{section}:{property.Name}", property, property.GetValue(defaults)),
    ];

    /// <summary>The settings' outermost sections.</summary>
    public static IReadOnlySet<string> Sections { get; } =
        All.Select(static setting => setting.Key.Split(':')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>What to set instead of a setting that there was once; null for any other key.</summary>
    public static string? WhatReplaced(string key) => Gone.GetValueOrDefault(key);

    public static KnownSetting? Find(string key) => All.FirstOrDefault(setting => setting.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    /// <summary>The setting whose name is most like a key that is none, and how many letters part them.</summary>
    public static (KnownSetting Setting, int Distance) NearestTo(string key) => All
        .Select(setting => (setting, Math.Min(Distance(setting.Key, key), 1 + Distance(setting.Property.Name, key.Split(':')[^1]))))
        .MinBy(static candidate => candidate.Item2);

    private static IEnumerable<Assembly> Owners()
    {
        var own = typeof(KnownSettings).Assembly;
        var referenced = own.GetReferencedAssemblies().Where(static name => name.Name?.StartsWith(Product, StringComparison.Ordinal) == true);
        return referenced.Select(Assembly.Load).Prepend(own);
    }

    // Levenshtein's distance, letters' case aside.
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
