using System.CommandLine;
using System.Globalization;
using M3.Adaptive.Cli.Connection;
using M3.Adaptive.Cli.Output;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.Cli.Commands;

/// <summary><c>predictor list|show|diff|shadow|canary|promote|rollback|retrain --server ADDRESS</c>: which predictor decides in a service, from anywhere, with an admin's key.</summary>
internal static class PredictorCommand
{
    private const string Off = "off";

    public static Command Create() => new("predictor", "Versions of a running service's predictor, and which of them decide. Without --server: of this machine's registry.")
    {
        List(), Show(), Diff(), Shadow(), Canary(), Promote(), Rollback(), Retrain(),
    };

    private static Command List() => Command(
        "list", "Every version, oldest first, and which of them serve.", [],
        static async (service, _, json, cancellation) => PredictorTable.Write(await service.ListPredictorsAsync(cancellation), json));

    private static Command Show()
    {
        var version = new Argument<int>("VERSION") { Description = "Its number." };
        return Command(
            "show", "One version with its figures and its gate's report.", [version],
            async (service, parsed, json, cancellation) => PredictorTable.Write(await service.GetPredictorAsync(parsed.GetValue(version), cancellation), json));
    }

    private static Command Diff()
    {
        var (from, to) = (new Argument<int>("FROM") { Description = "Number of a version." }, new Argument<int>("TO") { Description = "Number of another one." });
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
        var (version, why) = (Tried(), Why());
        return Change("shadow", "Lets a version decide beside the champion: logged, not done.", [version, why], (service, parsed, cancellation) =>
        {
            var request = new SetShadowRequest { Why = parsed.GetRequiredValue(why) };
            if (NumberOf(parsed.GetRequiredValue(version)) is { } number) request.Number = number;
            return service.PredictorsAsync((client, limits) => client.SetShadowAsync(request, limits), cancellation);
        });
    }

    private static Command Canary()
    {
        var (version, why, force) = (Tried(), Why(), Force());
        var share = new Option<double>("--share") { Description = "Share of the requests that it decides for.", HelpName = "SHARE", DefaultValueFactory = static _ => 0.05 }
            .Where(static share => share is > 0 and < 1, "a number above 0 and below 1");
        var experiment = new Option<bool>("--experiment") { Description = "Keep it, whatever comes of it: to compare two versions, not to replace one." };
        return Change(
            "canary", "Lets a version decide for a share of the requests; it is taken back by itself when it proves worse.", [version, share, experiment, why, force],
            (service, parsed, cancellation) =>
            {
                if (NumberOf(parsed.GetRequiredValue(version)) is not { } number)
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
        var (version, why, force) = (new Argument<int>("VERSION") { Description = "Its number." }, Why(), Force());
        return Change("promote", "Makes a version champion for every request that begins from then on.", [version, why, force], (service, parsed, cancellation) =>
        {
            var request = new PromotePredictorRequest { Number = parsed.GetValue(version), Why = parsed.GetRequiredValue(why), Force = parsed.GetValue(force) };
            return service.PredictorsAsync((client, limits) => client.PromoteAsync(request, limits), cancellation);
        });
    }

    private static Command Rollback()
    {
        var why = Why();
        return Change("rollback", "Takes back the last step: ends a canary or experiment, else brings the champion before back.", [why], (service, parsed, cancellation) =>
        {
            var request = new RollbackPredictorRequest { Why = parsed.GetRequiredValue(why) };
            return service.PredictorsAsync((client, limits) => client.RollbackAsync(request, limits), cancellation);
        });
    }

    private static Command Retrain()
    {
        var why = Why();
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
        foreach (var symbol in symbols.Append(server).Concat(credentials.Options).Append(json))
        {
            if (symbol is Argument argument) command.Add(argument);
            else if (symbol is Option option) command.Add(option);
        }

        command.SetWork(async (parsed, cancellation) =>
        {
            await using var service = ServiceConnection.To(ServiceAddress.Parse(parsed.GetRequiredValue(server)), credentials.Read(parsed));
            await work(service, parsed, parsed.GetValue(json), cancellation);
        });
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
