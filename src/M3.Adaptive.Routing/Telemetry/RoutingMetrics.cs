using System.Diagnostics;
using System.Diagnostics.Metrics;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Budget;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Telemetry;

/// <summary>
/// Counts decisions, runs, escalations and answers, what they were charged and saved, how budgets stand, and times the parts of requests. Tags
/// take values of the ladder and of the reasons' enums only, and names of tenants that have a budget.
/// </summary>
public sealed class RoutingMetrics
{
    public const string Name = "M3.Adaptive.Routing";

    private readonly Counter<long> _decisions, _runs, _escalations, _answers, _unfamiliar, _tokens, _brownouts, _shadows;
    private readonly Counter<double> _flops, _seconds;
    private readonly UpDownCounter<long> _saved;
    private readonly UpDownCounter<double> _secondsSaved;
    private readonly Gauge<long> _left;
    private readonly Histogram<long> _charged;
    private readonly Histogram<double> _stages;
    private readonly AnswerCounts _counts;

    public RoutingMetrics(IMeterFactory meters, AnswerCounts counts)
    {
        _counts = counts;
        var meter = meters.Create(Name);
        _decisions = meter.CreateCounter<long>("m3.routing.decisions", "{decision}", "First scales chosen, by scale and reason.");
        _runs = meter.CreateCounter<long>("m3.scale", "{run}", "Runs of the language model, by scale.");
        _escalations = meter.CreateCounter<long>("m3.routing.escalations", "{escalation}", "Finer scales run because they were worth more than the answer in hand, by scale and reason.");
        _answers = meter.CreateCounter<long>("m3.routing.answers", "{answer}", "Answers given, by last scale and by why no finer one followed.");
        _unfamiliar = meter.CreateCounter<long>("m3.routing.unfamiliar", "{answer}", "Answers outside what the predictor was calibrated on, by last scale.");
        _tokens = meter.CreateCounter<long>("m3.tokens", "{token}", "Tokens of answered requests, by modality (visual, text) and type (input, output).");
        _flops = meter.CreateCounter<double>("m3.charged.flops", "{flop}", "Floating-point operations of the language model charged to answered requests.");
        _seconds = meter.CreateCounter<double>("m3.charged.time", "s", "The model's time charged to answered requests.");
        _charged = meter.CreateHistogram("m3.routing.charged_visual_tokens", "{token}", "Visual tokens charged to one request.", advice: Buckets.VisualTokens);
        _saved = meter.CreateUpDownCounter<long>("m3.tokens.saved", "{token}", "Visual tokens that always the finest scale would have been charged beyond those that were.");
        _secondsSaved = meter.CreateUpDownCounter<double>("m3.charged.time.saved", "s", "The model's time that always the finest scale would have been charged beyond what was, by its estimate.");
        _left = meter.CreateGauge<long>("m3.budget.left", "{unit}", "What the tenant's last answer left of its budget, by tenant and unit.");
        _brownouts = meter.CreateCounter<long>("m3.budget.brownouts", "{answer}", "Answers given under a ceiling that the tenant's soft limit set, by that ceiling.");
        _shadows = meter.CreateCounter<long>("m3.predictor.shadows", "{decision}", "First scales that the challenger would have chosen where it did not decide, by whether it agrees.");
        _stages = meter.CreateHistogram("m3.stage.duration", "s", "Time of a part of a request: encode, route, store.", advice: Buckets.Stage);
    }

    internal static ActivitySource Spans { get; } = new(Name);

    internal void Decided(ScaleDecision decision) =>
        _decisions.Add(1, new("scale", decision.Scale.Tokens), new("reason", decision.Reason.ToString()));

    /// <param name="agrees">Whether the challenger would have chosen the same first scale.</param>
    internal void LookedOn(bool agrees) => _shadows.Add(1, new KeyValuePair<string, object?>("agrees", agrees));

    /// <summary>Times a part of a request, and opens a span for it.</summary>
    internal StageTimer Begin(string stage, TimeProvider clock) => new(this, stage, clock);

    internal void Took(string stage, TimeSpan time) => _stages.Record(time.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));

    /// <param name="episode">A settled one.</param>
    /// <param name="outputTokens">Of all scales that ran.</param>
    /// <param name="alwaysFinest">What the finest scale alone would have been charged.</param>
    /// <param name="budget">How the tenant's budget stands; null without one.</param>
    internal void Answered(Episode episode, long outputTokens, Cost alwaysFinest, BudgetReport? budget)
    {
        foreach (var step in episode.Path) _runs.Add(1, Scale(step.Scale));
        foreach (var step in episode.Path.Skip(1)) _escalations.Add(1, Scale(step.Scale), new("reason", step.Reason.ToString()));
        _answers.Add(1, Scale(episode.Path[^1].Scale), new("settled", episode.Settled.ToString()));
        if (episode.Path[^1].Unfamiliar) _unfamiliar.Add(1, Scale(episode.Path[^1].Scale));
        _counts.Add(episode.Path[^1].Unfamiliar);

        _tokens.Add(episode.Charged.VisualTokens, new("modality", "visual"), new("type", "input"));
        _tokens.Add((long)episode.Rules.Room.Text * episode.Path.Count, new("modality", "text"), new("type", "input"));
        _tokens.Add(outputTokens, new("modality", "text"), new("type", "output"));
        _flops.Add(episode.Charged.Flops);
        _seconds.Add(episode.Charged.Seconds);
        _charged.Record(episode.Charged.VisualTokens);
        _saved.Add(alwaysFinest.VisualTokens - episode.Charged.VisualTokens);
        _secondsSaved.Add(alwaysFinest.Seconds - episode.Charged.Seconds);
        if (budget is null) return;
        _left.Record(budget.Left, new("tenant", budget.Balance.Budget.Tenant), new("unit", budget.Balance.Budget.Unit.ToString()));
        if (budget.Ceiling is { } ceiling) _brownouts.Add(1, new KeyValuePair<string, object?>("ceiling", ceiling.Tokens));
    }

    private static KeyValuePair<string, object?> Scale(VisualScale scale) => new("scale", scale.Tokens);
}
