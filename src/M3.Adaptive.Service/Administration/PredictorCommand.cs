using System.CommandLine;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Predictor.Registry;

namespace M3.Adaptive.Service.Administration;

/// <summary><c>predictor list|show|diff|shadow|canary|promote|rollback</c>: which predictor decides. Works beside a running service and without one.</summary>
internal static class PredictorCommand
{
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
        var (from, to) = VersionArguments.Versions();
        return Command(
            "diff", "What two versions differ in.", [from, to],
            (registry, parsed, json, _) => VersionTable.Write(VersionDiff.Of(registry.Get(parsed.GetValue(from)), registry.Get(parsed.GetValue(to))), json));
    }

    private static Command Shadow()
    {
        var (version, why) = (VersionArguments.Tried(), VersionArguments.Why());
        return Command(
            "shadow", "Lets a version decide beside the champion: logged, not done.", [version, why],
            (registry, parsed, json, stop) => VersionTable.Write(
                VersionArguments.NumberOf(parsed.GetRequiredValue(version)) is { } number
                    ? registry.SetChallenger(number, ChallengerStage.Shadow, 0, Operator.Name, parsed.GetRequiredValue(why), cancellation: stop)
                    : registry.EndTrial(Operator.Name, parsed.GetRequiredValue(why), cancellation: stop),
                json));
    }

    private static Command Canary()
    {
        var (version, why, force) = (VersionArguments.Tried(), VersionArguments.Why(), VersionArguments.Force());
        var share = VersionArguments.Share();
        var experiment = VersionArguments.Experiment();
        return Command(
            "canary", "Lets a version decide for a share of the requests; it is taken back by itself when it proves worse.", [version, share, experiment, why, force],
            (registry, parsed, json, stop) => VersionTable.Write(
                VersionArguments.NumberOf(parsed.GetRequiredValue(version)) is { } number
                    ? registry.SetChallenger(
                        number, parsed.GetValue(experiment) ? ChallengerStage.Experiment : ChallengerStage.Canary, parsed.GetValue(share), Operator.Name,
                        parsed.GetRequiredValue(why), parsed.GetValue(force), stop)
                    : registry.EndTrial(Operator.Name, parsed.GetRequiredValue(why), cancellation: stop),
                json));
    }

    private static Command Promote()
    {
        var version = VersionArguments.Version();
        var (why, force) = (VersionArguments.Why(), VersionArguments.Force());
        return Command(
            "promote", "Makes a version champion: a running service serves it within a second.", [version, why, force],
            (registry, parsed, json, stop) => VersionTable.Write(
                registry.Promote(parsed.GetValue(version), Operator.Name, parsed.GetRequiredValue(why), parsed.GetValue(force), cancellation: stop), json));
    }

    private static Command Rollback()
    {
        var why = VersionArguments.Why();
        return Command(
            "rollback", "Takes back the last step: ends a canary or experiment, else brings the champion before back.", [why],
            (registry, parsed, json, stop) => VersionTable.Write(registry.Rollback(Operator.Name, parsed.GetRequiredValue(why), cancellation: stop), json));
    }

    private static Command Command(
        string name, string description, IEnumerable<Symbol> symbols, Action<PredictorRegistry, ParseResult, bool, CancellationToken> work)
    {
        var (access, json) = (new RegistryAccess(), Operator.JsonOption());
        var command = new Command(name, description);
        command.Add(symbols.Append(access.Model).Append(json));
        command.SetWork((ParseResult parsed, CancellationToken stop) => work(access.Open(parsed, stop), parsed, parsed.GetValue(json), stop));
        return command;
    }
}
