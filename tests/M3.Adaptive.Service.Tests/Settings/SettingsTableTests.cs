using System.Text.RegularExpressions;
using System.Xml.Linq;
using M3.Adaptive.Service.Settings;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.Service.Tests.Settings;

/// <summary>README.md lists every setting, as the options classes declare and describe it.</summary>
public sealed partial class SettingsTableTests
{
    // What applies there depends on the machine, or on another setting.
    private static readonly Dictionary<string, string> DefaultsInWords = new()
    {
        ["Inference:Threads"] = "processors",
    };

    [Fact]
    public void Readme_SettingsTable_IsWhatTheOptionsClassesSay()
    {
        var expected = new[] { "| setting | default | values | meaning |", "|---|---|---|---|" }.Concat(KnownSettings.All.Select(Row)).ToArray();
        var readme = File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "README.md"));

        var table = readme.SkipWhile(line => line != expected[0]).TakeWhile(line => line.StartsWith('|')).ToArray();

        Assert.True(expected.SequenceEqual(table), $"The table in README.md is to be:\n{string.Join('\n', expected)}");
    }

    private static string Row(KnownSetting setting)
    {
        var shown = DefaultsInWords.GetValueOrDefault(setting.Key) ?? setting.ShownDefault ?? "";
        return $"| `{setting.Key}` | {shown} | {setting.Bounds ?? setting.Expectation} | {SummaryOf(setting)} |";
    }

    private static string SummaryOf(KnownSetting setting)
    {
        var type = setting.Property.DeclaringType ?? throw new InvalidDataException(setting.Key);
        var documentation = XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml"));
        var name = $"P:{type.FullName}.{setting.Property.Name}";
        var summary = documentation.Descendants("member").SingleOrDefault(member => (string?)member.Attribute("name") == name)?.Element("summary")
            ?? throw new InvalidDataException($"{name} has no comment.");
        var text = string.Concat(summary.Nodes().Select(node => node is XElement { Name.LocalName: "c" } code ? $"`{code.Value}`" : $"{node}"));
        return WhiteSpace().Replace(text.Trim(), " ").TrimEnd('.');
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
