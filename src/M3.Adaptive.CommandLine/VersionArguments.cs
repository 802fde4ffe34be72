using System.CommandLine;
using System.Globalization;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.CommandLine;

/// <summary>What the <c>predictor</c> commands take, be it the registry of this machine that they change or that of a service elsewhere.</summary>
public static class VersionArguments
{
    private const string Off = "off";

    /// <summary>A version that must be named.</summary>
    public static Argument<int> Version() => new("VERSION") { Description = "Its number." };

    /// <summary>The two that a diff compares.</summary>
    public static (Argument<int> From, Argument<int> To) Versions() =>
        (new("FROM") { Description = "Number of a version." }, new("TO") { Description = "Number of another one." });

    /// <summary>A version to try, or the word that ends the trial; <see cref="NumberOf"/> tells which.</summary>
    public static Argument<string> Tried()
    {
        var version = new Argument<string>("VERSION") { Description = $"Its number, or '{Off}' to end the trial of the one that is tried." };
        version.Validators.Add(static result =>
        {
            var text = result.Tokens.SingleOrDefault()?.Value;
            if (text is not null and not Off && NumberOf(text) is null) result.AddError($"'{text}' is no version: expected its number, or '{Off}'.");
        });
        return version;
    }

    /// <summary>The number that was given for <see cref="Tried"/>; null: the trial ends.</summary>
    public static int? NumberOf(string tried) => int.TryParse(tried, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>How much of the traffic a canary gets, above 0 and below 1.</summary>
    public static Option<double> Share() =>
        new Option<double>("--share") { Description = "Share of the requests that it decides for.", HelpName = "SHARE", DefaultValueFactory = static _ => 0.05 }
            .Where(static share => share is > 0 and < 1, "a number above 0 and below 1");

    public static Option<bool> Experiment() => new("--experiment") { Description = "Keep it, whatever comes of it: to compare two versions, not to replace one." };

    public static Option<string> Why() => new("--why") { Description = "For the history, in a few words.", HelpName = "TEXT", DefaultValueFactory = static _ => "" };

    public static Option<bool> Force() => new("--force") { Description = "Overrule the gate: needs --why, and the history keeps both." };

    /// <summary>Adds arguments and options, in their order.</summary>
    public static void Add(this Command command, IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Add(argument);
            else if (symbol is Option option) command.Add(option);
        }
    }
}
