namespace M3.Adaptive.Cli.Load;

/// <summary>Times below which half, 95 and 99 of a hundred lie, in milliseconds; null when there is none.</summary>
internal sealed record LatencyMs(double? P50, double? P95, double? P99)
{
    public static LatencyMs Of(IEnumerable<TimeSpan> times)
    {
        double[] sorted = [.. times.Select(static time => time.TotalMilliseconds).Order()];
        return new LatencyMs(Rank(sorted, 0.50), Rank(sorted, 0.95), Rank(sorted, 0.99));
    }

    // The nearest rank: a time that was measured, never one between two.
    private static double? Rank(double[] sorted, double share) => sorted.Length == 0 ? null : sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}

/// <summary>What <c>load</c> shows. Times are those of answered requests.</summary>
/// <param name="Requests">How many were sent.</param>
/// <param name="Errors">How many were refused, by gRPC status.</param>
/// <param name="ErrorDetails">What the first refusal of each status says.</param>
/// <param name="FirstTokenMs">To the first text of a streamed answer; null unless answers were streamed.</param>
/// <param name="Seconds">From the start to the end of the last request.</param>
/// <param name="Throughput">Answers a second.</param>
/// <param name="ChargedVisualTokens">Of all answers together.</param>
/// <param name="ChargedFlops">Of all answers together.</param>
/// <param name="EncodeFlops">Of encoding the pictures that the service had not in its cache; never charged.</param>
/// <param name="MeanVisualTokens">Charged for an answer on average; null without an answer.</param>
/// <param name="Scales">How many answers each scale gave.</param>
/// <param name="Accuracy">Share of answers that were right, 0 to 1; null without an answer.</param>
/// <param name="Rate">Requests a second on average, as asked for; null where callers waited for their answers.</param>
/// <param name="Callers">How many asked at the same time; null where requests did not wait for each other.</param>
internal sealed record LoadReport(
    int Requests, int Answered, IReadOnlyDictionary<string, int> Errors, IReadOnlyDictionary<string, string> ErrorDetails, double Seconds, double Throughput,
    LatencyMs LatencyMs, LatencyMs? FirstTokenMs, long ChargedVisualTokens, double ChargedFlops, double EncodeFlops, double? MeanVisualTokens, IReadOnlyDictionary<int, int> Scales, double? Accuracy,
    double? Rate, int? Callers, int Seed, string? Model, string? Predictor)
{
    private static readonly int[] Ladder = [1, 9, 36, 144, 576];

    public static LoadReport Of(IReadOnlyCollection<LoadOutcome> outcomes, double? rate, int? callers, int seed, string? model, string? predictor)
    {
        List<LoadOutcome> answered = [.. outcomes.Where(static outcome => outcome.Answer is not null)];
        var refusals = outcomes.Where(static outcome => outcome.Status is not null).GroupBy(static outcome => outcome.Status ?? "").OrderBy(static group => group.Key, StringComparer.Ordinal).ToList();
        List<LoadAnswer> answers = [.. outcomes.Select(static outcome => outcome.Answer).OfType<LoadAnswer>()];
        var seconds = outcomes.Max(static outcome => outcome.Ended).TotalSeconds;
        return new LoadReport(
            outcomes.Count,
            answers.Count,
            refusals.ToDictionary(static group => group.Key, static group => group.Count()),
            refusals.ToDictionary(static group => group.Key, static group => group.First().Detail ?? ""),
            seconds,
            Throughput: seconds > 0 ? answers.Count / seconds : 0,
            LatencyMs.Of(answered.Select(static outcome => outcome.Latency)),
            answered.Exists(static outcome => outcome.FirstText is not null) ? LatencyMs.Of(answered.Select(static outcome => outcome.FirstText).OfType<TimeSpan>()) : null,
            answers.Sum(static answer => answer.VisualTokens),
            answers.Sum(static answer => answer.Flops),
            answers.Sum(static answer => answer.EncodeFlops),
            answers.Count > 0 ? answers.Average(static answer => answer.VisualTokens) : null,
            Ladder.ToDictionary(static scale => scale, scale => answers.Count(answer => answer.Scale == scale)),
            answers.Count > 0 ? answers.Average(static answer => answer.Correct ? 1.0 : 0.0) : null,
            rate, callers, seed, model, predictor);
    }
}
