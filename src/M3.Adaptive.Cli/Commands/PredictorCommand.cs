using System.CommandLine;
using M3.Adaptive.Cli.Connection;
using M3.Adaptive.Cli.Output;

namespace M3.Adaptive.Cli.Commands;

/// <summary><c>predictor list|show|diff|shadow|canary|promote|rollback|retrain --server ADDRESS</c>: which predictor decides in a service, from anywhere, with an admin's key.</summary>
internal static class PredictorCommand
{
    public static Command Create() => new("predictor", "Versions of a running service's predictor, and which of them decide. Without --server: of this machine's registry.")
    {
        List(), Show(), Diff(), Shadow(), Canary(), Promote(), Rollback(), Retrain(),
    };

    private static Command List() => Command(
        "list", "Every version, oldest first, and which of them serve.", [],
        static async (service, _, json, cancellation) => PredictorTable.Write(await service.ListPredictorsAsync(cancellation), json));

    private static Command Show()
    {
        var version = VersionArguments.Version();
        return Command(
            "show", "One version with its figures and its gate's report.", [version],
            async (service, parsed, json, cancellation) => PredictorTable.Write(await service.GetPredictorAsync(parsed.GetValue(version), cancellation), json));
    }

    private static Command Diff()
    {
        var (from, to) = VersionArguments.Versions();
        return Command(
            "diff", "What two versions differ in.", [from, to],
            async (service, parsed, json, cancellation) =>
            {
                var request = new DiffPredictorsRequest { From = parsed.GetValue(from), To = parsed.GetValue(to) };
                PredictorTable.Write(await service.PredictorsAsync((client, limits) => client.DiffAsync(request, limits), cancellation), json);
            });
    }

    private static Command Shadow()
    {
        var (version, why) = (VersionArguments.Tried(), VersionArguments.Why());
        return Change("shadow", "Lets a version decide beside the champion: logged, not done.", [version, why], (service, parsed, cancellation) =>
        {
            var request = new SetShadowRequest { Why = parsed.GetRequiredValue(why) };
            if (VersionArguments.NumberOf(parsed.GetRequiredValue(version)) is { } number) request.Number = number;
            return service.PredictorsAsync((client, limits) => client.SetShadowAsync(request, limits), cancellation);
        });
    }

    private static Command Canary()
    {
        var (version, why, force) = (VersionArguments.Tried(), VersionArguments.Why(), VersionArguments.Force());
        var share = VersionArguments.Share();
        var experiment = VersionArguments.Experiment();
        return Change(
            "canary", "Lets a version decide for a share of the requests; it is taken back by itself when it proves worse.", [version, share, experiment, why, force],
            (service, parsed, cancellation) =>
            {
                if (VersionArguments.NumberOf(parsed.GetRequiredValue(version)) is not { } number)
                    return service.PredictorsAsync((client, limits) => client.SetShadowAsync(new SetShadowRequest { Why = parsed.GetRequiredValue(why) }, limits), cancellation);
                var request = new SetCanaryRequest
                {
                    Number = number,
                    Share = parsed.GetValue(share),
                    Experiment = parsed.GetValue(experiment),
                    Why = parsed.GetRequiredValue(why),
                    Force = parsed.GetValue(force),
                };
                return service.PredictorsAsync((client, limits) => client.SetCanaryAsync(request, limits), cancellation);
            });
    }

    private static Command Promote()
    {
        var (version, why, force) = (VersionArguments.Version(), VersionArguments.Why(), VersionArguments.Force());
        return Change("promote", "Makes a version champion for every request that begins from then on.", [version, why, force], (service, parsed, cancellation) =>
        {
            var request = new PromotePredictorRequest { Number = parsed.GetValue(version), Why = parsed.GetRequiredValue(why), Force = parsed.GetValue(force) };
            return service.PredictorsAsync((client, limits) => client.PromoteAsync(request, limits), cancellation);
        });
    }

    private static Command Rollback()
    {
        var why = VersionArguments.Why();
        return Change("rollback", "Takes back the last step: ends a canary or experiment, else brings the champion before back.", [why], (service, parsed, cancellation) =>
        {
            var request = new RollbackPredictorRequest { Why = parsed.GetRequiredValue(why) };
            return service.PredictorsAsync((client, limits) => client.RollbackAsync(request, limits), cancellation);
        });
    }

    private static Command Retrain()
    {
        var why = VersionArguments.Why();
        return Command(
            "retrain", "Lets the service train a version on what traffic has shown, and tells how far it is. Interrupted, nothing is registered.", [why],
            async (service, parsed, json, cancellation) =>
            {
                var number = await service.RetrainAsync(parsed.GetRequiredValue(why), Console.Error.WriteLine, cancellation);
                var version = await service.GetPredictorAsync(number, cancellation);
                PredictorTable.Write(version, json);
                if (version.Gate is not { Passed: true }) throw new CommandException($"version {number} was refused by the gate and will not serve");
            });
    }

    /// <summary>A command that changes what decides, and then tells what does.</summary>
    private static Command Change(string name, string description, IEnumerable<Symbol> symbols, Func<ServiceConnection, ParseResult, CancellationToken, Task> change) => Command(
        name, description, symbols,
        async (service, parsed, json, cancellation) =>
        {
            await change(service, parsed, cancellation);
            PredictorTable.WriteServing(await service.ListPredictorsAsync(cancellation), json);
        });

    private static Command Command(
        string name, string description, IEnumerable<Symbol> symbols, Func<ServiceConnection, ParseResult, bool, CancellationToken, Task> work)
    {
        var server = new Option<string>("--server") { Description = "Address of the service.", HelpName = "ADDRESS", Required = true };
        var credentials = new CredentialArguments();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(name, description);
        command.Add(symbols.Append(server).Concat(credentials.Options).Append(json));

        command.SetWork(async (parsed, cancellation) =>
        {
            await using var service = ServiceConnection.To(ServiceAddress.Parse(parsed.GetRequiredValue(server)), credentials.Read(parsed));
            await work(service, parsed, parsed.GetValue(json), cancellation);
        });
        return command;
    }
}
