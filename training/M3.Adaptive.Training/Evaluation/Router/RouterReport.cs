using System.Text.Json;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Training.Evaluation.Router.Measures;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router;

/// <summary>The router under its default policy.</summary>
/// <param name="AccuracyFinest">Of always using the finest scale.</param>
/// <param name="VisualTokenShare">Charged visual tokens as a share of always using the finest scale.</param>
/// <param name="FlopsShare">The same of the language model's FLOPs.</param>
/// <param name="SecondsShare">The same of the seconds measured when the labels were made.</param>
/// <param name="Hull">Accuracy of mixing fixed scales blindly at the same visual tokens.</param>
/// <param name="Oracle">Accuracy of the best choice at the same visual tokens.</param>
/// <param name="RunsPerItem">Scales run for one request on average.</param>
public sealed record QualityReport(
    double Accuracy, double AccuracyFinest, double VisualTokenShare, double FlopsShare, double SecondsShare, double Hull, double Oracle, double RunsPerItem);

/// <summary>The router at one mean cost, with what else that cost could buy.</summary>
/// <param name="Target">Mean visual tokens that were asked for.</param>
/// <param name="MeanVisualTokens">Those charged on this table.</param>
/// <param name="Hull">Accuracy of mixing fixed scales blindly at that cost.</param>
/// <param name="Oracle">Accuracy of the best choice at that cost.</param>
/// <param name="Loss">Accuracy given up against always using the finest scale.</param>
public sealed record ParetoPoint(
    int Target, double MeanVisualTokens, double Accuracy, double Hull, double Oracle, Estimate Loss, Estimate GapClosed, Estimate GapClosedMonotone, double FlopsShare, double SecondsShare);

/// <summary>An advantage of the router at one operating point.</summary>
public sealed record GainPoint(double MeanVisualTokens, double Value, double Low, double High)
{
    public static GainPoint Of(double meanVisualTokens, Estimate gain) => new(meanVisualTokens, gain.Value, gain.Low, gain.High);
}

/// <summary>A baseline at the router's own mean cost, or as near to it as its dial allows.</summary>
/// <param name="Title">What it does, in words.</param>
/// <param name="Advantage">By operating point: what the router is better by at equal cost; empty for fixed scales and oracles, which have no dial.</param>
public sealed record BaselineReport(double Accuracy, double VisualTokenShare, double FlopsShare, double SecondsShare, string Title, IReadOnlyList<GainPoint> Advantage);

/// <summary>Which scales run at one price.</summary>
/// <param name="First">Share of the items whose first run is at a scale, by visual tokens.</param>
/// <param name="Final">The same of the last run.</param>
public sealed record MixPoint(double MeanVisualTokens, double Accuracy, IReadOnlyDictionary<string, double> First, IReadOnlyDictionary<string, double> Final);

/// <summary>A method at one setting of its dial.</summary>
/// <param name="Gigaflops">Mean charged a question, as the other two.</param>
public sealed record CurvePoint(double VisualTokens, double Gigaflops, double Seconds, double Accuracy)
{
    public OperatingPoint At(CostUnit unit) => new(unit switch { CostUnit.Gigaflops => Gigaflops, CostUnit.Seconds => Seconds, _ => VisualTokens }, Accuracy);
}

/// <summary>A method at all settings of its dial.</summary>
public sealed record CurveReport(string Name, string Title, IReadOnlyList<CurvePoint> Points);

/// <summary>A bin of answers with about the same confidence.</summary>
/// <param name="Confidence">Their mean.</param>
/// <param name="Right">Share of right answers among them.</param>
public sealed record ReliabilityBin(double Confidence, double Right);

/// <summary>The default policy with one part of the predictor replaced by the truth: what that part holds back.</summary>
public sealed record CeilingReport(double Accuracy, double MeanVisualTokens, Estimate GapClosed);

/// <summary>Whether the promise of the default policy holds: at most so many more wrong answers than always the finest scale.</summary>
/// <param name="Alpha">The share of questions promised.</param>
/// <param name="Delta">Probability that the labels behind the promise were lucky.</param>
/// <param name="IsGuaranteed">Whether the calibration labels bear the promise out; if not, the finest scale is used.</param>
/// <param name="Held">In how many splits it held: calibration and judged pictures dealt anew, a price fitted to pictures drawn from the one part, its loss seen on the other. On foreign labels as <paramref name="HeldJudged"/>.</param>
/// <param name="Splits">How many there were.</param>
/// <param name="MustHold">In how many it must hold, so that luck explains the others.</param>
/// <param name="Loss">Of the price that is served, on the judged questions.</param>
/// <param name="HeldAside">In how many fits to redraws of the calibration pictures it held on those kept aside, when the predictor was trained.</param>
/// <param name="HeldJudged">In how many such fits it held on the judged questions: the luck of this one draw of calibration pictures stays in.</param>
public sealed record GuaranteeReport(double Alpha, double Delta, bool IsGuaranteed, int Held, int Splits, int MustHold, Estimate Loss, int HeldAside, int HeldJudged);

/// <summary>Time of one decision, start or escalation, features and heads included.</summary>
public sealed record DecisionTime(double P50, double P99);

/// <summary>What <c>predictor eval --json</c> prints and <c>report.json</c> holds: the judgement of a router on labels that it was not fitted to.</summary>
/// <param name="Summary">Three sentences.</param>
/// <param name="OracleGapClosed">Of the way from the hull to the best choice at the router's mean cost.</param>
/// <param name="BestSingleGapClosed">Of the way from the best fixed scale to the oracle, costs aside.</param>
/// <param name="Ceilings">By the part that knows the truth: perfectStart, perfectConfidence, perfectForecasts.</param>
/// <param name="RiskGuarantee">Null without calibration labels beside the model.</param>
/// <param name="Ece">Calibration error of the confidence, by visual tokens.</param>
/// <param name="Calibration">By visual tokens.</param>
/// <param name="Reliability">By visual tokens: fifteen bins of equal mass.</param>
/// <param name="Curves">The router at all prices first, then the baselines.</param>
/// <param name="Intervals">Of figures that stand elsewhere without one.</param>
/// <param name="EncodeFlops">Of encoding one picture, which every scale shares and no cost above includes.</param>
/// <param name="Luck">Null without labels of re-encoded pictures.</param>
public sealed record RouterReport(
    string Predictor,
    ModelIdentity Model,
    string Split,
    int Items,
    int Pictures,
    IReadOnlyList<string> Summary,
    QualityReport Quality,
    Estimate OracleGapClosed,
    Estimate OracleGapClosedMonotone,
    Estimate BestSingleGapClosed,
    IReadOnlyList<ParetoPoint> Pareto,
    IReadOnlyList<GainPoint> HullGain,
    IReadOnlyList<GainPoint> ShuffleGain,
    IReadOnlyDictionary<string, BaselineReport> Baselines,
    IReadOnlyList<MixPoint> Collapse,
    RegretSplit Regret,
    IReadOnlyDictionary<string, CeilingReport> Ceilings,
    EscalationReport Escalation,
    GuaranteeReport? RiskGuarantee,
    IReadOnlyDictionary<string, double> Ece,
    IReadOnlyDictionary<string, ScaleCredibility> Calibration,
    IReadOnlyDictionary<string, IReadOnlyList<ReliabilityBin>> Reliability,
    IReadOnlyDictionary<string, Familiarity> Unfamiliar,
    IReadOnlyList<CurveReport> Curves,
    IReadOnlyDictionary<string, Estimate> Intervals,
    DecisionTime DecisionMicroseconds,
    double EncodeFlops,
    LabelLuck? Luck)
{
    /// <summary>Whether a file holds such a report.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<RouterReport>(file, JsonSerializerOptions.Web) is { Items: > 0, Pareto.Count: > 0 };
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException or FileNotFoundException)
        {
            return false;
        }
    }
}
