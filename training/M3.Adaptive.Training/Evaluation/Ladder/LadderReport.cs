using System.Text.Json;
using System.Text.Json.Serialization;
using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Evaluation.Ladder;

/// <summary>Accuracy and mean cost of a chooser.</summary>
internal sealed record OracleResult(double Accuracy, double MeanVisualTokens);

/// <summary>Mean cost of an answer at one scale.</summary>
internal sealed record MeanCost(double VisualTokens, double Flops, double Seconds);

/// <summary>Accuracy of fixed scales per family, and the oracles: what <c>eval --json</c> prints and <c>report.json</c> holds.</summary>
/// <param name="Scales">By visual tokens.</param>
/// <param name="Families">Family, then visual tokens.</param>
/// <param name="FamilyShares">The same with 95 % intervals.</param>
/// <param name="Granularity">How many tokens the questions need: share of items first right at this scale; "never" for the rest.</param>
/// <param name="SolvedBy">Share of items right at this scale or a coarser one.</param>
/// <param name="FirstRight">Share of items whose monotone oracle scale is this rung; "never" for those never right at the finest.</param>
/// <param name="Costs">By visual tokens.</param>
internal sealed record LadderReport(
    IReadOnlyDictionary<string, Share> Scales,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Families,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, Share>> FamilyShares,
    OracleResult Oracle,
    OracleResult MonotoneOracle,
    IReadOnlyDictionary<string, double> Granularity,
    IReadOnlyDictionary<string, double> SolvedBy,
    IReadOnlyDictionary<string, double> FirstRight,
    IReadOnlyDictionary<string, MeanCost> Costs,
    int Items)
{
    private const string Never = "never";

    /// <summary>Other models on the same questions: model, then visual tokens.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, Share>> Against { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, Share>>();

    /// <summary>Along each axis of what training never saw, as <see cref="AxisShares"/> gives them; null when the data names none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? Axes { get; init; }

    /// <summary>How often the answer is that it is not there, by visual tokens; null when the data asks for nothing of that kind.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, AbsenceShares>? NotThere { get; init; }

    /// <param name="items">At least one.</param>
    public static LadderReport Of(IReadOnlyList<LabelItem> items)
    {
        ArgumentOutOfRangeException.ThrowIfZero(items.Count);
        var families = items.GroupBy(item => item.Family.Length > 0 ? item.Family : "all").OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => PerScale(scale => Right([.. group], scale)));
        return new LadderReport(
            PerScale(scale => Right(items, scale)),
            families.ToDictionary(pair => pair.Key, pair => PerScale(scale => pair.Value[$"{scale}"].Accuracy)),
            families,
            new OracleResult(items.Average(item => One(Ever(item))), items.Average(item => Replay.Oracle.Scale(item).Tokens)),
            new OracleResult(items.Average(item => One(Solved(item))), items.Average(item => Replay.Oracle.MonotoneScale(item).Tokens)),
            Histogram(items, Ever, Replay.Oracle.Scale),
            PerScale(scale => items.Average(item => One(item.Outcomes.Take(scale.Rung + 1).Any(outcome => outcome.Right)))),
            Histogram(items, Solved, Replay.Oracle.MonotoneScale),
            PerScale(scale => Mean([.. items.Select(item => item.Outcomes[scale.Rung].Charged)])),
            items.Count);
    }

    /// <summary>Whether a file holds such a report.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<LadderReport>(file, JsonSerializerOptions.Web) is { Scales.Count: > 0, Items: > 0 };
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException or FileNotFoundException)
        {
            return false;
        }
    }

    private static bool Ever(LabelItem item) => item.Outcomes.Any(outcome => outcome.Right);

    // Right at some scale and at every finer one: exactly when the finest is right.
    private static bool Solved(LabelItem item) => item.Outcomes[^1].Right;

    private static Share Right(IReadOnlyList<LabelItem> items, VisualScale scale) => Share.Of(items.Count(item => item.Outcomes[scale.Rung].Right), items.Count);

    private static MeanCost Mean(Cost[] costs) => new(costs.Average(cost => cost.VisualTokens), costs.Average(cost => cost.Flops), costs.Average(cost => cost.Seconds));

    private static IReadOnlyDictionary<string, T> PerScale<T>(Func<VisualScale, T> of) => VisualScale.All.ToDictionary(scale => $"{scale}", of);

    private static IReadOnlyDictionary<string, double> Histogram(IReadOnlyList<LabelItem> items, Func<LabelItem, bool> counted, Func<LabelItem, VisualScale> scaleOf) =>
        VisualScale.All.Select(scale => (Name: $"{scale}", Count: items.Count(item => counted(item) && scaleOf(item) == scale)))
            .Append((Name: Never, Count: items.Count(item => !counted(item))))
            .ToDictionary(pair => pair.Name, pair => pair.Count / (double)items.Count);

    private static double One(bool right) => right ? 1 : 0;
}
