using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Training.Evaluation.Router.Measures;
using M3.Adaptive.Training.Statistics;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>The report's figures as SVG, to stand inside a page; colours are for a light ground, the page turns them for a dark one.</summary>
internal static class RouterPlots
{
    private const int Width = 760, Height = 400;

    private static readonly OxyColor[] Colours =
    [
        OxyColors.Crimson, OxyColors.SteelBlue, OxyColors.SeaGreen, OxyColors.DarkOrange, OxyColors.MediumPurple, OxyColors.Sienna, OxyColors.DeepPink, OxyColors.Teal,
    ];

    /// <summary>Accuracy over mean charged cost: fixed scales with their hull, the router and every baseline.</summary>
    public static string Pareto(IReadOnlyList<CurveReport> curves, CostUnit unit)
    {
        var plot = new PlotModel { Title = $"Accuracy over {Name(unit)}" };
        var format = unit switch { CostUnit.Gigaflops => "0.##", CostUnit.Seconds => "0.###", _ => "0" };
        var router = Corners(curves[0].Points, unit).First();                      // what is cheaper than the router's cheapest setting is left out
        plot.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = $"mean charged {Name(unit)} a question", StringFormat = format, Minimum = 0.9 * router.X });
        plot.Axes.Add(Share(AxisPosition.Left, "right answers", router.Y - 0.02));
        plot.Legends.Add(Beside());

        var always = curves.Where(IsFixed).Select(curve => curve.Points[0]);
        plot.Series.Add(Line("fixed scales mixed", OxyColors.Gray, Corners(always, unit), MarkerType.Circle));
        foreach (var (i, curve) in curves.Where(curve => curve.Points.Count > 1).Index())
            plot.Series.Add(Line(curve.Name, Colours[i % Colours.Length], Corners(curve.Points, unit), i == 0 ? MarkerType.Diamond : MarkerType.None, thickness: i == 0 ? 3 : 1.2));
        foreach (var curve in curves.Where(curve => curve.Points.Count == 1 && !IsFixed(curve)))
        {
            var series = new ScatterSeries { Title = curve.Name, MarkerType = MarkerType.Square, MarkerSize = 4 };
            var (x, y) = Corners(curve.Points, unit).Single();
            series.Points.Add(new ScatterPoint(x, y));
            plot.Series.Add(series);
        }

        return Svg(plot);
    }

    /// <summary>Which scale's answer is kept, by mean spend: where one scale has all, the router has collapsed to it.</summary>
    public static string Collapse(IReadOnlyList<MixPoint> mix)
    {
        var plot = new PlotModel { Title = "Scale mix against budget" };
        plot.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = "mean charged visual tokens a question", StringFormat = "0" });
        plot.Axes.Add(Share(AxisPosition.Left, "questions answered at this scale"));
        plot.Legends.Add(Beside());
        foreach (var scale in VisualScale.All)
            plot.Series.Add(Line($"{scale} tokens", Colours[scale.Rung], mix.Select(point => (point.MeanVisualTokens, point.Final[$"{scale}"])), MarkerType.None));
        return Svg(plot);
    }

    /// <summary>Raw and monotone share of the gap closed at each operating point, with 95 % intervals.</summary>
    public static string Gaps(IReadOnlyList<ParetoPoint> points)
    {
        var plot = new PlotModel { Title = "Gap closed between blind mixing and the oracle" };
        plot.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = "mean charged visual tokens a question", StringFormat = "0", Minimum = 6, Maximum = 250 });
        plot.Axes.Add(Share(AxisPosition.Left, "gap closed", 0, 1));
        plot.Legends.Add(Beside());
        foreach (var (title, colour, gap) in new (string, OxyColor, Func<ParetoPoint, Estimate>)[]
        {
            ("raw", Colours[0], point => point.GapClosed),
            ("monotone", Colours[1], point => point.GapClosedMonotone),
        })
        {
            var intervals = new ScatterErrorSeries { MarkerType = MarkerType.None, ErrorBarColor = colour };
            intervals.Points.AddRange(points.Select(point => new ScatterErrorPoint(point.MeanVisualTokens, (gap(point).Low + gap(point).High) / 2, 0, gap(point).High - gap(point).Low)));
            plot.Series.Add(intervals);
            plot.Series.Add(Line(title, colour, points.Select(point => (point.MeanVisualTokens, gap(point).Value)), MarkerType.Circle));
        }

        return Svg(plot);
    }

    /// <summary>Share of right answers over the confidence that routing sees.</summary>
    public static string Reliability(IReadOnlyDictionary<string, IReadOnlyList<ReliabilityBin>> scales)
    {
        var plot = new PlotModel { Title = "Confidence and what it is worth" };
        plot.Axes.Add(Share(AxisPosition.Bottom, "confidence"));
        plot.Axes.Add(Share(AxisPosition.Left, "right answers"));
        plot.Legends.Add(Beside());
        plot.Series.Add(Line("perfect", OxyColors.Gray, [(0, 0), (1, 1)], MarkerType.None));
        foreach (var (i, (scale, bins)) in scales.Index())
            plot.Series.Add(Line($"{scale} tokens", Colours[i], bins.Select(bin => (bin.Confidence, bin.Right)), MarkerType.Circle));
        return Svg(plot);
    }

    private static bool IsFixed(CurveReport curve) => int.TryParse(curve.Name, out _);

    private static IEnumerable<(double X, double Y)> Corners(IEnumerable<CurvePoint> points, CostUnit unit) =>
        new Hull(points.Select(point => point.At(unit))).Corners.ToArray().Select(corner => (corner.MeanCost, corner.Accuracy));

    private static string Name(CostUnit unit) => unit switch { CostUnit.Gigaflops => "GFLOPs", CostUnit.Seconds => "seconds", _ => "visual tokens" };

    private static LineSeries Line(string title, OxyColor colour, IEnumerable<(double X, double Y)> points, MarkerType marker, double thickness = 2)
    {
        var line = new LineSeries { Title = title, Color = colour, MarkerType = marker, MarkerSize = 3, MarkerFill = colour, StrokeThickness = thickness };
        line.Points.AddRange(points.Select(point => new DataPoint(point.X, point.Y)));
        return line;
    }

    private static LinearAxis Share(AxisPosition position, string title, double minimum = double.NaN, double maximum = double.NaN) =>
        new() { Position = position, Title = title, AxisTitleDistance = 14, LabelFormatter = value => $"{100 * value:0} %", Minimum = minimum, Maximum = maximum };

    private static Legend Beside() => new() { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.RightTop, LegendPadding = 28, LegendFontSize = 11, LegendLineSpacing = 4 };

    private static string Svg(PlotModel plot)
    {
        plot.PlotAreaBorderColor = OxyColors.LightGray;
        plot.TitleFontSize = 14;
        plot.DefaultFont = "Arial, sans-serif";
        var svg = new SvgExporter { Width = Width, Height = Height, IsDocument = false, UseVerticalTextAlignmentWorkaround = true }.ExportToString(plot);
        return svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];             // without the declaration of a document of its own
    }
}
