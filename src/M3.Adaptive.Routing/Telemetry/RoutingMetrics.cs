using System.Diagnostics;
using System.Diagnostics.Metrics;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Telemetry;

/// <summary>Counts decisions, escalations, answers, unfamiliar ones among them, and charged tokens. Tags take values of the ladder and of the reasons' enums only.</summary>
public sealed class RoutingMetrics
{
    public const string Name = "M3.Adaptive.Routing";

    private readonly Counter<long> _decisions;
    private readonly Counter<long> _escalations;
    private readonly Counter<long> _answers;
    private readonly Counter<long> _unfamiliar;
    private readonly Histogram<long> _charged;
    private readonly AnswerCounts _counts;

    public RoutingMetrics(IMeterFactory meters, AnswerCounts counts)
    {
        _counts = counts;
        var meter = meters.Create(Name);
        _decisions = meter.CreateCounter<long>("m3.routing.decisions", "{decision}", "First scales chosen, by scale and reason.");
        _escalations = meter.CreateCounter<long>("m3.routing.escalations", "{escalation}", "Finer scales run because they were worth more than the answer in hand, by scale.");
        _answers = meter.CreateCounter<long>("m3.routing.answers", "{answer}", "Answers given, by last scale and by why no finer one followed.");
        _unfamiliar = meter.CreateCounter<long>("m3.routing.unfamiliar", "{answer}", "Answers outside what the predictor was calibrated on, by last scale.");
        _charged = meter.CreateHistogram<long>("m3.routing.charged_visual_tokens", "{token}", "Visual tokens charged to one request.");
    }

    internal static ActivitySource Spans { get; } = new(Name);

    internal void Decided(ScaleDecision decision) =>
        _decisions.Add(1, new("scale", decision.Scale.Tokens), new("reason", decision.Reason.ToString()));

    /// <param name="episode">A settled one.</param>
    internal void Answered(Episode episode)
    {
        foreach (var step in episode.Path.Skip(1)) _escalations.Add(1, new KeyValuePair<string, object?>("scale", step.Scale.Tokens));
        _answers.Add(1, new("scale", episode.Path[^1].Scale.Tokens), new("settled", episode.Settled.ToString()));
        if (episode.Path[^1].Unfamiliar) _unfamiliar.Add(1, new KeyValuePair<string, object?>("scale", episode.Path[^1].Scale.Tokens));
        _counts.Add(episode.Path[^1].Unfamiliar);
        _charged.Record(episode.Charged.VisualTokens);
    }
}
