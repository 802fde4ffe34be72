using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Artifact;
using M3.Adaptive.Predictor.Audits;
using M3.Adaptive.Predictor.Drift;
using M3.Adaptive.Predictor.Features;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Routing;
using M3.Adaptive.Store;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Retraining.Evidence;
using M3.Adaptive.Training.Retraining.Gating;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Training.Retraining.Demonstration;

/// <summary>
/// The whole round of a retraining on the labels that come with a model: traffic shifts, an alarm, audits, a challenger, the gate, shadow, canary, promotion; then a
/// poisoned update. Decisions, outcomes, audits and versions lie in a real store and a real registry; answers are looked up in the labels.
/// </summary>
internal sealed class RetrainStory(
    ModelIdentity model, IReadOnlyList<string> vocabulary, StoryLabels labels, TrainedPredictor full, PredictorTrainingOptions options, string state, Action<StoryStep> tell, CancellationToken cancellation)
{
    private const double CanaryShare = 0.2;

    /// <summary>How the service of the story routes: by a mean spend, as audits of some thousand questions are too few to guarantee a risk of one in a hundred.</summary>
    private static readonly ServedDefaults Defaults = new() { Routing = new() { Policy = DefaultPolicy.Target } };

    private static readonly GateOptions Gate = new() { Defaults = Defaults };

    private static readonly string[] Tenants = ["acme", "globex", "initech", "umbrella", "hooli"];

    private readonly PredictorTrainingOptions _options = options with { Defaults = Defaults };
    private readonly List<StoryStep> _steps = [];
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly PredictorRegistry _registry = PredictorRegistry.Open(state, model, TimeProvider.System);

    public async Task<RetrainReport> RunAsync()
    {
        var (champion, number) = Serve(Train(labels.HomeRouting, labels.HomeCalibration), "trained on objects, places and colours", parent: null);
        Show("narrow traffic", labels.Before, champion, "objects, places and colours, as the predictor was trained for them");
        var shifted = Show("shifted traffic", labels.New, champion, "receipts and signs come, which it has never seen");

        var calm = Drift(champion, labels.Before);
        var alarms = Drift(champion, labels.Shifted).Alarms.Select(alarm => alarm.Name).ToArray();
        Tell(shifted with { Name = "drift", Note = alarms is [] ? "no alarm" : $"alarms of the shifted traffic: {string.Join(", ", alarms)}; of the traffic before: {calm.Alarms.Count()}" });

        var home = new HomeLabels(labels.HomeRouting, labels.HomeCalibration);
        var traffic = ReplayedTraffic.Of(labels.Shifted, champion, ReplayedTraffic.Honest, TenantOf, _clock.GetUtcNow(), defaults: Defaults);
        await KeepAsync(traffic);
        var evidence = await EvidenceAsync(new EvidenceOptions { ClientShare = 1 });
        var retrained = Retrainer.Run(new RetrainingInput(model, champion, home, evidence, vocabulary) { Training = _options, Gate = Gate }, _clock, cancellation: cancellation);
        var challenger = new TrainedPredictor(retrained.Challenger, model.Hash);
        var next = Register(retrained.Challenger, new VersionOrigin("demo", _clock.GetUtcNow(), "retrained after the alarm", number, retrained.Figures, retrained.Gate));
        Show("retrained", labels.New, challenger, $"from {evidence.Audited.Count} audits; the gate {(retrained.Gate.Passed ? $"passed all {retrained.Gate.Checks.Count} checks" : $"refused it: {retrained.Gate.Failures}")}");
        if (retrained.Gate.Passed) Roll(champion, challenger, next);
        Show("full mix", labels.New, full, "what a predictor reaches that was trained on every kind of question");

        var (poisonRefused, failed) = await PoisonAsync(challenger, home);
        var (onAll, onNew) = (Shortfall(labels.After, challenger), Shortfall(labels.New, challenger));
        return new RetrainReport(
            Math.Max(onAll, onNew), onAll, onNew, Shortfall(labels.New, champion), labels.After.Items.Count, alarms is not [] && !calm.Alarms.Any(), alarms,
            retrained.Gate.Passed, poisonRefused, failed, _steps);
    }

    private PredictorArtifact Train(LabelTable routing, LabelTable calibration) =>
        PredictorTrainer.Train(routing, calibration, model.Hash, vocabulary, _options, _clock, cancellation: cancellation);

    private (TrainedPredictor Champion, int Number) Serve(PredictorArtifact artifact, string why, int? parent)
    {
        var number = Register(artifact, new VersionOrigin("demo", _clock.GetUtcNow(), why, parent, [], Gate: null));
        _registry.Promote(number, "demo", why, force: true, cancellation: cancellation);
        return (_registry.Load(number), number);
    }

    private int Register(PredictorArtifact artifact, VersionOrigin origin)
    {
        var folder = Path.Combine(state, $"made-{Guid.NewGuid():N}");
        artifact.Save(folder);
        return _registry.Add(folder, origin, cancellation);
    }

    /// <summary>A shadow on the first third of the new traffic, a canary on the second, then it has all.</summary>
    private void Roll(TrainedPredictor champion, TrainedPredictor challenger, int version)
    {
        LabelTable Third(int which) => labels.New with { Items = [.. labels.New.Items.Where(item => StableHash.Of($"third/{item.Image}") % 3 == which)] };

        _registry.SetChallenger(version, ChallengerStage.Shadow, 0, "demo", "passed the gate", cancellation: cancellation);
        var (seen, beside) = (Served(Third(0), champion), Served(Third(0), challenger));
        var differing = seen.Zip(beside).Average(pair => pair.First.Path != pair.Second.Path ? 1.0 : 0);
        Tell(Step("shadow", seen, $"it would have decided otherwise for {differing:P0} of the requests; nothing of it was done"));

        _registry.SetChallenger(version, ChallengerStage.Canary, CanaryShare, "demo", "decides well as a shadow", cancellation: cancellation);
        var table = Third(1);
        var (old, young) = (Served(table, champion), Served(table, challenger));
        bool IsCanary(int i) => StableHash.Of($"{TenantOf(table.Items[i])}/{table.Items[i].Id}") < CanaryShare * uint.MaxValue;
        Routed[] mixed = [.. table.Items.Select((_, i) => IsCanary(i) ? young[i] : old[i])];
        var (canary, others) = (mixed.Where((_, i) => IsCanary(i)).Average(Right), mixed.Where((_, i) => !IsCanary(i)).Average(Right));
        Tell(Step("canary", mixed, $"{canary:P1} right for its {CanaryShare:P0} of the requests, {others:P1} for the others"));
        if (canary < others) return;

        _registry.Promote(version, "demo", "right more often as a canary", cancellation: cancellation);
        Show("promoted", Third(2), _registry.Load(_registry.Aliases().Champion ?? version), $"version {version} serves");
    }

    /// <summary>A client whose word is the wrong way round: it is not believed; and were it believed, the gate would stop what comes of it.</summary>
    private async Task<(bool Refused, string[] Failed)> PoisonAsync(TrainedPredictor champion, HomeLabels home)
    {
        await KeepAsync(ReplayedTraffic.Of(labels.Poisoned, champion, ReplayedTraffic.Poisoned, _ => "mallory", _clock.GetUtcNow(), seed: 2, Defaults));
        var quarantined = (await EvidenceAsync(new EvidenceOptions { ClientShare = 1 })).Quarantined;
        var believed = await EvidenceAsync(new EvidenceOptions { ClientShare = 1, QuarantineAbove = 1 });
        var poisoned = Retrainer.Run(new RetrainingInput(model, champion, home, believed, vocabulary) { Training = _options, Gate = Gate }, _clock, cancellation: cancellation);
        Register(poisoned.Challenger, new VersionOrigin("demo", _clock.GetUtcNow(), "retrained on poison", _registry.Aliases().Champion, poisoned.Figures, poisoned.Gate));
        string[] failed = [.. poisoned.Gate.Checks.Where(check => !check.Passed).Select(check => check.Name)];
        Show(
            "poisoned update", labels.New, new TrainedPredictor(poisoned.Challenger, model.Hash),
            $"{string.Join(", ", quarantined.Select(client => $"{client.Client} contradicts {client.Contradictions} of {client.Judged} sure answers and is quarantined"))}; "
            + $"had it been believed, the gate would have {(failed is [] ? "let it pass" : $"refused this by {failed.Length} of {poisoned.Gate.Checks.Count} checks")}");
        return (quarantined is [_] && failed is not [], failed);
    }

    private static DriftReport Drift(TrainedPredictor predictor, LabelTable table)
    {
        var home = predictor.Home ?? throw new InvalidOperationException("A predictor that was just trained tells what traffic looked like.");
        return DriftStatistics.Compare(home, DriftHome.Served(Forecasts.Of(table, predictor), predictor.Prices, Defaults), new DriftOptions());
    }

    /// <summary>Percentage points by which a predictor falls short of the one trained on the full mix, at the cost that it spends itself.</summary>
    private double Shortfall(LabelTable table, TrainedPredictor predictor)
    {
        var spent = Served(table, predictor).Average(run => (double)run.Charged.VisualTokens);
        return 0 - Math.Round(100 * new EqualCost(Duel.Of(table, full, predictor), draws: 1).Advantage(spent)[0], 4);
    }

    private async Task KeepAsync(ReplayedTraffic traffic)
    {
        await using var store = await OpenAsync();
        await store.Decisions.AddAsync([.. traffic.Decisions], cancellation);
        await Task.WhenAll(traffic.Decisions.SelectMany(decision => decision.Outcomes.Select(said =>
            store.Outcomes.RecordAsync(new OutcomeRecord(decision.DecisionId, decision.Tenant, said.Verdict, said.Reference, said.By), cancellation).AsTask())));
        using var file = new AuditFolder(state, model).Begin(_clock.GetUtcNow());
        foreach (var audit in traffic.Audits) file.Append(audit);
    }

    private async Task<EvidenceSet> EvidenceAsync(EvidenceOptions trust)
    {
        await using var store = await OpenAsync();
        List<DecisionRecord> decisions = [];
        await foreach (var decision in store.Decisions.ReadAsync(from: null, until: null, cancellation)) decisions.Add(decision);
        return EvidenceSet.Of(model, decisions, [.. new AuditFolder(state, model).Read()], trust);
    }

    private async Task<AdaptiveStore> OpenAsync()
    {
        var store = new AdaptiveStore(new StoreOptions { Synchronous = Synchronous.Normal }, state, _clock, NullLoggerFactory.Instance);
        await store.OpenAsync(cancellation);
        return store;
    }

    private StoryStep Show(string name, LabelTable table, TrainedPredictor predictor, string note)
    {
        cancellation.ThrowIfCancellationRequested();
        var step = Step(name, Served(table, predictor), note);
        Tell(step);
        return step;
    }

    private void Tell(StoryStep step)
    {
        _steps.Add(step);
        tell(step);
    }

    private static Routed[] Served(LabelTable table, TrainedPredictor predictor) => Routed.All(table, EpisodeRouter.AtDefaults(Forecasts.Of(table, predictor), predictor.Prices, Defaults));

    private static StoryStep Step(string name, Routed[] served, string note) =>
        new(name, served.Average(Right), served.Average(run => run.Charged.VisualTokens / (double)VisualScale.Finest.Tokens), note);

    private static double Right(Routed run) => run.Right ? 1 : 0;

    private static string TenantOf(LabelItem item) => Tenants[StableHash.Of(item.Image) % Tenants.Length];
}
