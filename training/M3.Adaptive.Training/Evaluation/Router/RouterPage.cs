using System.Net;
using System.Text;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Training.Evaluation.Router.Measures;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary><c>report.html</c>: one page that needs no other file, no script and no network, on light and dark ground.</summary>
internal sealed class RouterPage
{
    private const string Style = """
        :root { color-scheme: light dark }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 84rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.2rem } .summary { font-size: 1.1rem; max-width: 60rem }
        table { border-collapse: collapse } th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #8884 } th:first-child, td:first-child { text-align: left }
        .plots { display: flex; flex-wrap: wrap; gap: 1rem } .plots svg { max-width: 100% } small, .note { opacity: .75; max-width: 60rem }
        @media (prefers-color-scheme: dark) { .plots svg { filter: invert(1) hue-rotate(180deg) } }
        """;

    private readonly StringBuilder _page = new();
    private readonly RouterReport _report;

    private RouterPage(RouterReport report) => _report = report;

    public static string Html(RouterReport report)
    {
        var page = new RouterPage(report);
        page.Head();
        page._page.Append($"<div class=\"plots\">{string.Concat(Enum.GetValues<CostUnit>().Select(unit => RouterPlots.Pareto(report.Curves, unit)))}{RouterPlots.Gaps(report.Pareto)}</div>\n");
        page.OperatingPoints();
        page.Baselines();
        page._page.Append($"<h2>What the router does</h2>\n<div class=\"plots\">{RouterPlots.Collapse(report.Collapse)}{RouterPlots.Reliability(report.Reliability)}</div>\n");
        page.Wrong();
        page.Credibilities();
        page.Strange();
        return page._page.Append("</body></html>\n").ToString();
    }

    private void Head()
    {
        var (quality, report) = (_report.Quality, _report);
        _page.Append($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>The router of {Text(report.Model.Name)}</title><style>{Style}</style></head><body>
            <h1>The router of {Text(report.Model.Name)} on {Text(report.Split)}</h1>
            <p class="summary">{string.Join(" ", report.Summary.Select(Text))}</p>
            <p class="note">Predictor {Text(report.Predictor)} for model {Text(report.Model.Hash)}; {report.Items:N0} questions about {report.Pictures:N0} pictures, none of which it was fitted to. Costs are charged costs of the
            language model, every run of a request included; encoding a picture, {report.EncodeFlops / 1e9:F2} GFLOPs whatever the scale, comes on top. Intervals: 95 %, pictures drawn with replacement {PictureResampling.DefaultDraws:N0} times, the
            same draws for all that is compared.</p>

            """);
        Table(
            ["default policy", "value", "95 % interval"],
            [
                ["right answers", $"{quality.Accuracy:P1}", Interval(report.Intervals["quality.accuracy"])],
                ["visual tokens, of always 576", $"{quality.VisualTokenShare:P1}", Interval(report.Intervals["quality.visualTokenShare"])],
                ["FLOPs; seconds, of always 576", $"{quality.FlopsShare:P1}; {quality.SecondsShare:P1}", ""],
                ["right answers lost against always 576", $"{report.Intervals["quality.loss"].Value:P2}", Interval(report.Intervals["quality.loss"])],
                ["gap closed, mixing to oracle at equal cost", $"{report.OracleGapClosed.Value:P1}", Interval(report.OracleGapClosed)],
                ["the same, lucky guesses not counted (monotone)", $"{report.OracleGapClosedMonotone.Value:P1}", Interval(report.OracleGapClosedMonotone)],
                ["the same as benchmarks print it, best single scale to oracle", $"{report.BestSingleGapClosed.Value:P1}", Interval(report.BestSingleGapClosed)],
                .. Guarantee(),
                ["runs a request", $"{quality.RunsPerItem:F2}", ""],
                ["time of a decision, median and 99 %", $"{report.DecisionMicroseconds.P50:F0} and {report.DecisionMicroseconds.P99:F0} us", ""],
            ]);
    }

    private IEnumerable<string[]> Guarantee() => _report.RiskGuarantee is not { } promise
        ? [["promise", "not checked: no calibration labels", ""]]
        :
        [
            [$"promise: at most {promise.Alpha:P1} more wrong answers, with probability {1 - promise.Delta:P0}", $"{(promise.IsGuaranteed ? "" : "not guaranteed, so the finest scale is used; ")}{(promise.Loss.Value <= promise.Alpha ? "kept" : "broken")} here", ""],
            ["the same when calibration and judged pictures are dealt anew", $"kept in {promise.Held} of {promise.Splits}; {promise.MustHold} are needed", ""],
            ["the same on the calibration pictures kept aside", $"kept in {promise.HeldAside} of {promise.Splits}", ""],
            ["the same on the judged pictures, prices fitted to redraws of these calibration pictures", $"kept in {promise.HeldJudged} of {promise.Splits}", ""],
        ];

    private void OperatingPoints()
    {
        _page.Append("<h2>At a mean cost</h2>\n");
        Table(
            ["asked for", "charged", "right", "blind mixing", "oracle at that cost", "gap closed", "monotone", "lost against 576", "above mixing", "above its own choices shuffled"],
            _report.Pareto.Select((point, i) => (string[])
            [
                $"{point.Target}", $"{point.MeanVisualTokens:F1}", $"{point.Accuracy:P1}", $"{point.Hull:P1}", $"{point.Oracle:P1}", With(point.GapClosed), With(point.GapClosedMonotone),
                With(point.Loss), With(_report.HullGain[i]), With(_report.ShuffleGain[i]),
            ]));
    }

    private void Baselines()
    {
        _page.Append("<h2>Against other ways to choose</h2>\n<p class=\"note\">Each at the default policy's own cost where it has a dial: the best mixture of its settings, found on these very questions, which favours it. Then the router's advantage at equal cost.</p>\n");
        Table(
            ["way", "right", "tokens", "FLOPs", "seconds", .. _report.Pareto.Select(point => $"at {point.Target}")],
            _report.Baselines.Values.Select(way => (string[])
            [
                Text(way.Title), $"{way.Accuracy:P1}", $"{way.VisualTokenShare:P1}", $"{way.FlopsShare:P1}", $"{way.SecondsShare:P1}",
                .. way.Advantage is [] ? _report.Pareto.Select(_ => "") : way.Advantage.Select(With),
            ]));
    }

    private void Wrong()
    {
        var (regret, escalation) = (_report.Regret, _report.Escalation);
        _page.Append("<h2>Where wrong answers come from</h2>\n");
        Table(
            ["of all questions", ""],
            [
                ["never right at any scale", $"{regret.NeverRight:P1}"],
                ["a coarser run was right, the last one is not", $"{regret.CoarserRunRight:P1}"],
                ["a finer scale below the finest would have been right", $"{regret.FinerRight:P1}"],
                ["only the finest would have been right", $"{regret.OnlyFinestRight:P1}"],
                ["only a coarser scale that did not run would have been right", $"{regret.PassedOver:P1}"],
                ["visual tokens a question spent on those never right", $"{regret.TokensOnNeverRight:F1}"],
                ["visual tokens a question beyond what right answers needed", $"{regret.TokensBeyondOracle:F1}"],
            ]);
        _page.Append("<h2>What holds it back</h2>\n<p class=\"note\">The same policy with one part of the predictor replaced by the truth.</p>\n");
        Table(
            ["known for certain", "right", "tokens", "gap closed"],
            new (string Title, string Key)[]
            {
                ("which scales would be right, before the first run", "perfectStart"), ("whether an answer is right", "perfectConfidence"),
                ("whether a finer scale would be right, after a run", "perfectForecasts"),
            }.Select(part => (string[])[part.Title, $"{_report.Ceilings[part.Key].Accuracy:P1}", $"{_report.Ceilings[part.Key].MeanVisualTokens:F1}", With(_report.Ceilings[part.Key].GapClosed)]));
        _page.Append("<h2>Escalation</h2>\n");
        Table(
            ["", "value", "95 % interval"],
            [
                ["requests with more than one run", $"{escalation.Rate:P1}", Interval(_report.Intervals["escalation.rate"])],
                ["of these, first answer wrong (precision)", $"{escalation.Precision:P1}", Interval(_report.Intervals["escalation.precision"])],
                ["of wrong first answers, run again (recall)", $"{escalation.Recall:P1}", Interval(_report.Intervals["escalation.recall"])],
                ["of those run again, right answer made wrong (harm)", $"{escalation.Harm:P1}", Interval(_report.Intervals["escalation.harm"])],
            ]);
    }

    private void Credibilities()
    {
        _page.Append("<h2>What probabilities are worth</h2>\n<p class=\"note\">ECE: distance between probability and share of right answers, 15 bins of equal mass. AUROC: right above wrong. AURC: share of wrong answers among the most confident, averaged over how many.</p>\n");
        Table(
            ["visual tokens", "", "ECE", "Brier", "AUROC", "AURC"],
            _report.Calibration.SelectMany(scale => new (string Name, Credibility Of)[]
            {
                ("before the run", scale.Value.Before), ("confidence", scale.Value.Confidence), ("confidence as reported", scale.Value.Reported),
            }.Select(row => (string[])[scale.Key, row.Name, With(row.Of.Ece, "F3"), With(row.Of.Brier, "F3"), With(row.Of.Auroc, "F3"), With(row.Of.Aurc, "F3")])));
        if (_report.Luck is not { } luck) return;
        _page.Append($"<h2>Luck</h2>\n<p class=\"note\">{luck.Items:N0} of the questions were asked again about the same pictures in another format. A router that knew those answers would close {With(luck.TwinOracle)} of the gap: more than that is luck.</p>\n");
        Table(["visual tokens", "right in one, wrong in the other"], luck.Flips.Select(scale => (string[])[scale.Key, With(scale.Value)]));
    }

    private void Strange()
    {
        _page.Append("<h2>On the unfamiliar</h2>\n");
        Table(
            ["set", "questions", "right", "mean confidence", "as reported", "called unfamiliar", "AUROC", "ECE"],
            _report.Unfamiliar.Select(set => (string[])
            [
                Text(set.Key), $"{set.Value.Items:N0}", $"{set.Value.Accuracy:P1}", $"{set.Value.ConfidenceBefore:F3}", $"{set.Value.Confidence:F3}",
                With(set.Value.Intervals["share"]), With(set.Value.Intervals["auroc"], "F3"), With(set.Value.Intervals["ece"], "F3"),
            ]));
    }

    private void Table(IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows)
    {
        _page.Append($"<table><tr>{string.Concat(head.Select(cell => $"<th>{cell}</th>"))}</tr>\n");
        foreach (var row in rows) _page.Append($"<tr>{string.Concat(row.Select(cell => $"<td>{cell}</td>"))}</tr>\n");
        _page.Append("</table>\n");
    }

    private static string Interval(Estimate estimate) => $"{estimate.Low:P1} to {estimate.High:P1}";

    private static string With(GainPoint gain) => With(new Estimate(gain.Value, gain.Low, gain.High));

    private static string With(Estimate estimate, string format = "P1") =>
        $"{estimate.Value.ToString(format)} <small>{estimate.Low.ToString(format)} to {estimate.High.ToString(format)}</small>";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
