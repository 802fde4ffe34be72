using M3.Adaptive.Core;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace M3.Adaptive.Training.Evaluation.Ladder;

/// <summary>The report's figures as SVG, to stand inside a page.</summary>
internal static class LadderPlots
{
    private const int Width = 620, Height = 340;

    /// <summary>Accuracy of the fixed scales with 95 % intervals, and of the oracles at their mean cost.</summary>
    public static string Accuracy(LadderReport report)
    {
        var plot = OverTokens("Accuracy over visual tokens", "accuracy");
        var line = new LineSeries { Title = "fixed scales", Color = OxyColors.SteelBlue, MarkerType = MarkerType.Circle };
        var intervals = new ScatterErrorSeries { MarkerType = MarkerType.None, ErrorBarColor = OxyColors.SteelBlue };
        foreach (var scale in VisualScale.All)
        {
            var share = report.Scales[$"{scale}"];
            line.Points.Add(new DataPoint(scale.Tokens, share.Accuracy));
            intervals.Points.Add(new ScatterErrorPoint(scale.Tokens, (share.Low + share.High) / 2, 0, share.High - share.Low));
        }

        plot.Series.Add(intervals);
        plot.Series.Add(line);
        plot.Series.Add(Point("oracle", report.Oracle, MarkerType.Diamond, OxyColors.DarkOrange));
        plot.Series.Add(Point("monotone oracle", report.MonotoneOracle, MarkerType.Triangle, OxyColors.SeaGreen));
        return Svg(plot);
    }

    /// <summary>A line per family over the scales.</summary>
    public static string Families(LadderReport report)
    {
        var plot = OverTokens("Accuracy of each family", "accuracy");
        foreach (var (family, shares) in report.Families)
        {
            var line = new LineSeries { Title = family, MarkerType = MarkerType.Circle, MarkerSize = 3 };
            line.Points.AddRange(VisualScale.All.Select(scale => new DataPoint(scale.Tokens, shares[$"{scale}"])));
            plot.Series.Add(line);
        }

        return Svg(plot);
    }

    /// <summary>A line per model over the scales.</summary>
    public static string Models(IEnumerable<(string Name, IReadOnlyDictionary<string, Share> Scales)> models)
    {
        var plot = OverTokens("Accuracy of each model", "accuracy");
        foreach (var (name, scales) in models)
        {
            var line = new LineSeries { Title = name, MarkerType = MarkerType.Circle };
            line.Points.AddRange(VisualScale.All.Select(scale => new DataPoint(scale.Tokens, scales[$"{scale}"].Accuracy)));
            plot.Series.Add(line);
        }

        return Svg(plot);
    }

    /// <summary>How many tokens the questions need.</summary>
    public static string Granularity(LadderReport report)
    {
        var plot = new PlotModel { Title = "Visual tokens that a question needs" };
        var names = report.Granularity.Keys.Reverse().ToArray();                   // bars run upwards
        plot.Axes.Add(new CategoryAxis { Position = AxisPosition.Left, ItemsSource = names });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "share of the questions", Minimum = 0, AbsoluteMinimum = 0, LabelFormatter = Percent });
        var bars = new BarSeries { FillColor = OxyColors.SteelBlue };
        bars.Items.AddRange(names.Select(name => new BarItem(report.Granularity[name])));
        plot.Series.Add(bars);
        return Svg(plot);
    }

    private static PlotModel OverTokens(string title, string vertical)
    {
        var plot = new PlotModel { Title = title };
        plot.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = "visual tokens", Minimum = 0.8, Maximum = 900, TickStyle = TickStyle.None, LabelFormatter = _ => "" });
        foreach (var scale in VisualScale.All)
        {
            plot.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Vertical,
                X = scale.Tokens,
                Color = OxyColors.LightGray,
                LineStyle = LineStyle.Dot,
                Text = $"{scale}",
                TextColor = OxyColors.Black,
                TextOrientation = AnnotationTextOrientation.Horizontal,
                TextLinePosition = 0,
                TextHorizontalAlignment = HorizontalAlignment.Right,
                TextVerticalAlignment = VerticalAlignment.Top,
            });
        }

        // Texts are measured in one font and drawn in the reader's: distances leave room for a wider one.
        plot.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Left,
            Title = vertical,
            AxisTitleDistance = 14,
            Minimum = 0,
            Maximum = 1.02,
            MajorStep = 0.2,
            LabelFormatter = Percent,
        });
        plot.Legends.Add(new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.RightTop, LegendPadding = 28 });
        return plot;
    }

    private static ScatterSeries Point(string title, OracleResult result, MarkerType marker, OxyColor colour)
    {
        var series = new ScatterSeries { Title = title, MarkerType = marker, MarkerFill = colour, MarkerSize = 6 };
        series.Points.Add(new ScatterPoint(result.MeanVisualTokens, result.Accuracy));
        return series;
    }

    private static string Percent(double share) => $"{100 * share:0} %";

    private static string Svg(PlotModel plot)
    {
        plot.PlotAreaBorderColor = OxyColors.LightGray;
        plot.TitleFontSize = 14;
        plot.DefaultFont = "Arial, sans-serif";
        return new SvgExporter { Width = Width, Height = Height, IsDocument = false, UseVerticalTextAlignmentWorkaround = true }.ExportToString(plot);
    }
}
