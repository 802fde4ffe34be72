using System.CommandLine;
using System.Text.Json;
using M3.Adaptive.CommandLine;
using M3.Adaptive.CommandLine.Values;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Predictor.Audits;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Retraining.Evidence;
using M3.Adaptive.Training.Retraining.Gating;
using Spectre.Console;

namespace M3.Adaptive.Training.Retraining;

/// <summary><c>predictor retrain</c>: from what traffic has shown to a version in the registry that has been through the gate. It serves nowhere yet.</summary>
internal static class RetrainCommand
{
    private static readonly Option<DirectoryInfo> Model = PredictorArguments.Model();

    private static readonly Option<DirectoryInfo?> Labels = new("--labels") { Description = "Folder of label tables to train on beside the traffic. [default: MODEL/labels, where there is one]" };

    private static readonly Option<bool> TrafficAlone = new("--traffic-alone") { Description = "Train on the traffic alone, without labels beside it." };

    private static readonly Option<FileInfo[]> Decisions = new("--decisions") { Description = "File that `decisions export` wrote (else the store of this machine, or the one that Store__PostgreSql names). May be repeated.", HelpName = "FILE" };

    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of the sampling.", DefaultValueFactory = _ => 1 };

    private static readonly Option<int> Trees = new Option<int>("--trees") { Description = "Trees of each head, 1 to 2000.", DefaultValueFactory = _ => new PredictorTrainingOptions().Trees }
        .Where(trees => trees is >= 1 and <= 2000, "1 to 2000");

    private static readonly Option<double> ClientShare = new Option<double>("--client-share")
    {
        Description = "Share of the audits that one client's word may label, above 0, up to 1; the others are labelled by agreement with the finest scale.",
        DefaultValueFactory = _ => new EvidenceOptions().ClientShare,
    }.Where(share => share is > 0 and <= 1, "a number above 0, up to 1");

    private static readonly Option<string> Why = new("--why") { Description = "For the version's origin.", DefaultValueFactory = _ => "retrained by hand" };

    private static readonly Option<bool> StopWithInput = new("--stop-with-input") { Description = "Stop when standard input ends: whoever began it may be killed.", Hidden = true };

    private static readonly Option<bool> Json = PredictorArguments.Json();

    public static Command Create()
    {
        var command = new Command("retrain", "Train on what traffic has shown, hold the result against the champion, and register it as a version.")
        {
            Model, Labels, TrafficAlone, Decisions, Seed, Trees, ClientShare, Why, StopWithInput, Json,
        };
        command.SetWork(RunWhileWantedAsync, whenInterrupted: "no version was registered");
        return command;
    }

    private static async Task RunWhileWantedAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (parsed.GetValue(StopWithInput)) _ = Task.Factory.StartNew(StopWithInputEnd, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await RunAsync(parsed, stop.Token);
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandException("whoever began it has ended: no version was registered", ExitCode.Interrupted, fault);
        }

        // On a thread of its own, as it waits there: on one processor the pool begins with a single one.
        void StopWithInputEnd()
        {
            Console.OpenStandardInput().CopyTo(Stream.Null);
            stop.Cancel();
        }
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var model = parsed.GetRequiredValue(Model);
        using var checkpoint = CheckpointFolder.Open(model.FullName);
        var (identity, tokenizer, clock) = (checkpoint.Identify(), checkpoint.OpenTokenizer(), TimeProvider.System);
        var by = $"{Environment.UserName}@{Environment.MachineName}";
        var registry = PredictorRegistry.Open(StateFolder.Path, identity, clock);
        OutputFolder.RequireWritable(registry.Folder, "set M3_STATE to another folder");
        var champion = registry.Aliases().Champion ?? registry.TakeIn(Path.Combine(model.FullName, "predictor"), by, cancellation);

        var decisions = await DecisionSource.ReadAsync(parsed.GetValue(Decisions) ?? [], cancellation);
        AuditRecord[] audits = [.. new AuditFolder(StateFolder.Path, identity).Read()];
        var evidence = EvidenceSet.Of(identity, decisions, audits, new EvidenceOptions { ClientShare = parsed.GetValue(ClientShare) });
        if (evidence.Audited.Count == 0)
        {
            throw new CommandException(
                $"there is no full information to train on: {decisions.Count} decisions, {audits.Length} audits under {Path.Combine(StateFolder.Path, "audits")} ({evidence.Foreign} of another model). "
                + "Serve with Audit:Share above 0 for a while, or label a data set and use predictor train");
        }

        var defaults = ServiceSettings.FromEnvironment();
        var input = new RetrainingInput(
            identity, registry.Load(champion), Home(parsed, model), evidence, [.. Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.Piece)])
        {
            Training = new PredictorTrainingOptions { Seed = parsed.GetValue(Seed), Trees = parsed.GetValue(Trees), Defaults = defaults },
            Gate = new GateOptions { Defaults = defaults },
        };
        var result = await Task.Run(() => WithStatus(progress => Retrainer.Run(input, clock, progress, cancellation)), CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        var origin = new VersionOrigin(by, clock.GetUtcNow(), parsed.GetRequiredValue(Why), champion, result.Figures, result.Gate);
        var version = Register(registry, result, origin, cancellation);
        Report(version, champion, evidence, result, parsed.GetValue(Json));
        if (!result.Gate.Passed) throw new CommandException($"version {version} was refused and will not serve: {result.Gate.Failures}");
    }

    private static HomeLabels? Home(ParseResult parsed, DirectoryInfo model)
    {
        if (parsed.GetValue(TrafficAlone)) return null;
        var stated = parsed.GetValue(Labels)?.FullName;
        var folder = stated ?? Path.Combine(model.FullName, "labels");
        return stated is null && !Directory.Exists(folder)
            ? null
            : new HomeLabels(LabelFile.Load(Path.Combine(folder, LabelFile.NameOf("routing"))), LabelFile.Load(Path.Combine(folder, LabelFile.NameOf("calibration"))));
    }

    private static RetrainingResult WithStatus(Func<IProgress<TrainingProgress>, RetrainingResult> run)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Status().Start("training", status => run(new StatusProgress(status)));
    }

    // The registry copies what lies in a folder: beside it, so that nothing half-written is ever seen.
    private static int Register(PredictorRegistry registry, RetrainingResult result, VersionOrigin origin, CancellationToken cancellation)
    {
        var made = Path.Combine(Path.GetTempPath(), $"m3-predictor-{Guid.NewGuid():N}");
        try
        {
            result.Challenger.Save(made);
            return registry.Add(made, origin, cancellation);
        }
        finally
        {
            if (Directory.Exists(made)) Directory.Delete(made, recursive: true);
        }
    }

    private static void Report(int version, int champion, EvidenceSet evidence, RetrainingResult result, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new { Version = version, Predictor = result.Challenger.Version, Champion = champion, result.Gate.Passed, result.Gate.Checks, result.Figures, evidence.Quarantined },
                JsonSerializerOptions.Web));
            return;
        }

        Console.Error.WriteLine(
            $"Audits: {evidence.Audited.Count}, labelled by {string.Join(", ", evidence.Audited.GroupBy(item => item.Source).OrderBy(source => source.Key).Select(source => $"{source.Key} {source.Count()}"))}; "
            + $"{evidence.Undecided} undecided. Escalation pairs: {evidence.Pairs.Count}{(evidence.Escalations is (var forecast, var right) ? $" ({right:P1} right, {forecast:P1} expected)" : "")}. Logged choices: {evidence.Choices.Count}.");
        foreach (var client in evidence.Quarantined)
            Console.Error.WriteLine($"Quarantined: {Printable.Of(client.Client)} contradicts {client.Contradictions} of {client.Judged} answers on which the finest scales agree; nothing it said was counted.");
        Console.Error.WriteLine(result.ChallengerOnLog.Value is { } logged
            ? $"On the logged choices {logged.DoublyRobust.Value:P1} right ({logged.DoublyRobust.Low:P1} to {logged.DoublyRobust.High:P1})."
            : $"No verdict from the logged choices: {result.ChallengerOnLog.WhyNone}.");
        foreach (var check in result.Gate.Checks)
            Console.Error.WriteLine($"  {(check.Passed ? "passed" : "FAILED")}  {check.Name}: {check.Figure:G4}, bound {check.Bound:G4}");
        if (result.Gate.Passed) Console.Error.WriteLine($"Version {version} passed the gate against version {champion}: ./m3 predictor shadow {version}, then canary, then promote.");
    }

    private sealed class StatusProgress(StatusContext status) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => status.Status($"{value.Stage}: {value.Done} of {value.Total}");
    }
}
