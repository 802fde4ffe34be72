using System.Net;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace M3.Adaptive.Training.Retraining.Demonstration;

/// <summary>The story as a page that stands alone: a plot of accuracy and cost, and a table of what happened.</summary>
internal static class StoryPage
{
    private const string Style = """
        :root { color-scheme: light dark }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
        table { border-collapse: collapse } th, td { padding: .2rem .7rem; text-align: left; border-bottom: 1px solid #8884 } td.n { text-align: right }
        svg { max-width: 100% } @media (prefers-color-scheme: dark) { svg { filter: invert(1) hue-rotate(180deg) } }
        """;

    public static string Html(RetrainReport report) => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A retraining</title><style>{Style}</style></head><body>
        <h1>Traffic shifts, the predictor follows</h1>
        <p>At equal cost the retrained predictor is {Distance(report.RecoveredWithinPoints)} one that was trained on the full mix, over {report.Items:N0} questions or the new ones alone, whichever is worse;
        the one before was {Distance(report.LostWithout)} it on the new ones.
        Drift was {(report.DriftAlarmed ? $"noticed ({string.Join(", ", report.Alarms)})" : "not noticed")}. The poisoned update was {(report.PoisonRefused ? "refused" : "not refused")}.</p>
        {Plot(report.Steps)}
        <table><tr><th>step</th><th>right</th><th>visual tokens, of always 576</th><th></th></tr>
        {string.Concat(report.Steps.Select(step => $"<tr><td>{Text(step.Name)}</td><td class=\"n\">{step.Accuracy:P1}</td><td class=\"n\">{step.VisualTokenShare:P1}</td><td>{Text(step.Note)}</td></tr>\n"))}</table>
        <p>What the poisoned update failed: {Text(string.Join("; ", report.PoisonFailed))}.</p>
        </body></html>

        """;

    private static string Distance(double points) => points > 0 ? $"{points:F1} points behind" : $"{-points:F1} points ahead of";

    private static string Plot(IReadOnlyList<StoryStep> steps)
    {
        var plot = new PlotModel { Title = "Right answers, and visual tokens of always 576", TitleFontSize = 14, DefaultFont = "Arial, sans-serif", PlotAreaBorderColor = OxyColors.LightGray };
        var names = new CategoryAxis { Position = AxisPosition.Bottom, Angle = 20 };
        names.Labels.AddRange(steps.Select(step => step.Name));
        plot.Axes.Add(names);
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = 0, Maximum = 1, LabelFormatter = value => $"{100 * value:0} %" });
        plot.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.BottomCenter, LegendOrientation = LegendOrientation.Horizontal });
        plot.Series.Add(Line("right answers", OxyColors.SteelBlue, steps.Select(step => step.Accuracy)));
        plot.Series.Add(Line("visual tokens", OxyColors.DarkOrange, steps.Select(step => step.VisualTokenShare)));
        var svg = new SvgExporter { Width = 760, Height = 420, IsDocument = false, UseVerticalTextAlignmentWorkaround = true }.ExportToString(plot);
        return svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];             // without the declaration of a document of its own
    }

    private static LineSeries Line(string title, OxyColor colour, IEnumerable<double> values)
    {
        var line = new LineSeries { Title = title, Color = colour, MarkerType = MarkerType.Circle, MarkerSize = 4, MarkerFill = colour };
        line.Points.AddRange(values.Select((value, i) => new DataPoint(i, value)));
        return line;
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
