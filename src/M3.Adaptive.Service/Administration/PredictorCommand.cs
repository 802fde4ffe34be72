using System.CommandLine;
using System.Globalization;
using M3.Adaptive.CommandLine;
using M3.Adaptive.CommandLine.Values;
using M3.Adaptive.Predictor.Registry;

namespace M3.Adaptive.Service.Administration;

/// <summary><c>predictor list|show|diff|shadow|canary|promote|rollback</c>: which predictor decides. Works beside a running service and without one.</summary>
internal static class PredictorCommand
{
    private const string Off = "off";

    public static Command Create() => new("predictor", "Versions of the predictor, and which of them decide. With --server ADDRESS and an admin's key: those of a service that runs elsewhere.") { List(), Show(), Diff(), Shadow(), Canary(), Promote(), Rollback() };

    private static Command List() => Command(
        "list", "Every version, oldest first, and which of them serve.", [],
        static (registry, _, json, _) => VersionTable.Write(registry.List(), registry.Aliases(), json));

    private static Command Show()
    {
        var version = new Argument<int?>("VERSION") { Description = "Its number; without one, the aliases and every change of them.", Arity = ArgumentArity.ZeroOrOne };
        return Command(
            "show", "One version with its figures and its gate's report; or the history of the aliases.", [version],
            (registry, parsed, json, _) =>
            {
                if (parsed.GetValue(version) is { } number) VersionTable.Write(registry.Get(number), json);
                else VersionTable.Write(registry.Aliases(), registry.History(), json);
            });
    }

    private static Command Diff()
    {
        var from = new Argument<int>("FROM") { Description = "Number of a version." };
        var to = new Argument<int>("TO") { Description = "Number of another one." };
        return Command(
            "diff", "What two versions differ in.", [from, to],
            (registry, parsed, json, _) => VersionTable.Write(VersionDiff.Of(registry.Get(parsed.GetValue(from)), registry.Get(parsed.GetValue(to))), json));
    }

    private static Command Shadow()
    {
        var (version, why) = (Tried(), Why());
        return Command(
            "shadow", "Lets a version decide beside the champion: logged, not done.", [version, why],
            (registry, parsed, json, stop) => VersionTable.Write(
                NumberOf(parsed.GetRequiredValue(version)) is { } number
                    ? registry.SetChallenger(number, ChallengerStage.Shadow, 0, Operator.Name, parsed.GetRequiredValue(why), cancellation: stop)
                    : registry.EndTrial(Operator.Name, parsed.GetRequiredValue(why), cancellation: stop),
                json));
    }

    private static Command Canary()
    {
        var (version, why, force) = (Tried(), Why(), Force());
        var share = new Option<double>("--share")
        {
            Description = "Share of the requests that it decides for.",
            HelpName = "SHARE",
            DefaultValueFactory = static _ => 0.05,
        }.Where(static share => Challenger.IsShare(share), "a number above 0 and below 1");
        var experiment = new Option<bool>("--experiment") { Description = "Keep it, whatever comes of it: to compare two versions, not to replace one." };
        return Command(
            "canary", "Lets a version decide for a share of the requests; it is taken back by itself when it proves worse.", [version, share, experiment, why, force],
            (registry, parsed, json, stop) => VersionTable.Write(
                NumberOf(parsed.GetRequiredValue(version)) is { } number
                    ? registry.SetChallenger(
                        number, parsed.GetValue(experiment) ? ChallengerStage.Experiment : ChallengerStage.Canary, parsed.GetValue(share), Operator.Name,
                        parsed.GetRequiredValue(why), parsed.GetValue(force), stop)
                    : registry.EndTrial(Operator.Name, parsed.GetRequiredValue(why), cancellation: stop),
                json));
    }

    private static Command Promote()
    {
        var version = new Argument<int>("VERSION") { Description = "Its number." };
        var (why, force) = (Why(), Force());
        return Command(
            "promote", "Makes a version champion: a running service serves it within a second.", [version, why, force],
            (registry, parsed, json, stop) => VersionTable.Write(
                registry.Promote(parsed.GetValue(version), Operator.Name, parsed.GetRequiredValue(why), parsed.GetValue(force), cancellation: stop), json));
    }

    private static Command Rollback()
    {
        var why = Why();
        return Command(
            "rollback", "Takes back the last step: ends a canary or experiment, else brings the champion before back.", [why],
            (registry, parsed, json, stop) => VersionTable.Write(registry.Rollback(Operator.Name, parsed.GetRequiredValue(why), cancellation: stop), json));
    }

    private static Command Command(
        string name, string description, IEnumerable<Symbol> symbols, Action<PredictorRegistry, ParseResult, bool, CancellationToken> work)
    {
        var (access, json) = (new RegistryAccess(), Operator.JsonOption());
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Add(argument);
            else if (symbol is Option option) command.Add(option);
        }

        command.Add(access.Model);
        command.Add(json);
        command.SetWork((ParseResult parsed, CancellationToken stop) => work(access.Open(parsed, stop), parsed, parsed.GetValue(json), stop));
        return command;
    }

    private static Argument<string> Tried()
    {
        var version = new Argument<string>("VERSION") { Description = $"Its number, or '{Off}' to end the trial of the one that is tried." };
        version.Validators.Add(static result =>
        {
            var text = result.Tokens.SingleOrDefault()?.Value;
            if (text is not null and not Off && NumberOf(text) is null) result.AddError($"'{text}' is no version: expected its number, or '{Off}'.");
        });
        return version;
    }

    private static int? NumberOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Option<string> Why() => new("--why") { Description = "For the history, in a few words.", HelpName = "TEXT", DefaultValueFactory = static _ => "" };

    private static Option<bool> Force() => new("--force") { Description = "Overrule the gate: needs --why, and the history keeps both." };
}
