using System.Diagnostics;
using M3.Adaptive.Benchmarks.Model;
using M3.Adaptive.Core;
using M3.Adaptive.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Benchmarks.Store;

/// <summary>
/// What keeping a decision adds to a request, on SQLite with commits that wait for the device and with ones that wait for the system: reserving, then
/// the decision with its settlement, at 200 requests a second, and how many a second go at most; beside what one flush of a file costs here.
/// </summary>
internal static class StoreBenchmark
{
    private const int RatePerSecond = 200, Requests = 2000, Warmup = 200, Writers = 200, Decisions = 20_000;

    private const string Tenant = "bench";

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Except(["--json"]).Any())
        {
            Console.Error.WriteLine("Usage: bench store [--json]");
            return args.Contains("--help") ? 0 : 2;
        }

        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var folder = Directory.CreateTempSubdirectory("m3-store-").FullName;
        try
        {
            AddQuantiles(figures, "flush", Flushes(Path.Combine(folder, "flushed")));
            foreach (var synchronous in Enum.GetValues<Synchronous>())
            {
                var name = synchronous.ToString().ToLowerInvariant();
                var options = new StoreOptions { Synchronous = synchronous };
                await using var store = new AdaptiveStore(options, Path.Combine(folder, name), TimeProvider.System, NullLoggerFactory.Instance);
                await store.OpenForServiceAsync(default);
                AddQuantiles(figures, $"{name}WithoutBudget", await RequestsAsync(store));
                await store.Budgets.SetAsync(new TenantBudget(Tenant, BudgetUnit.VisualTokens, 1L << 50, TimeSpan.FromDays(1), 1), "bench", default);
                AddQuantiles(figures, $"{name}WithBudget", await RequestsAsync(store));
                figures[$"{name}DecisionsPerSecond"] = await ThroughputAsync(store);
            }

            using var rates = new MachineRates();
            rates.Measure();
            new Report(figures, Machine.Measured(rates)).Write(args.Contains("--json"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Open-loop arrivals at equal distances: a slow commit delays nobody else's arrival.
    private static async Task<double[]> RequestsAsync(AdaptiveStore store)
    {
        var clock = Stopwatch.StartNew();
        var requests = new Task<double>[Warmup + Requests];
        for (var i = 0; i < requests.Length; i++)
        {
            while (clock.Elapsed.TotalSeconds < (double)i / RatePerSecond) await Task.Delay(1);
            requests[i] = Task.Run(() => RequestAsync(store));
        }

        return [.. (await Task.WhenAll(requests)).Skip(Warmup)];
    }

    private static async Task<double> RequestAsync(AdaptiveStore store)
    {
        var began = Stopwatch.GetTimestamp();
        var (claim, _) = await store.Budgets.ReserveAsync(Tenant, static _ => new BudgetWish<int>(585, 0), default);
        await store.Decisions.AppendAsync(Decision(), claim is null ? null : new BudgetSettlement(claim, 9, default), default);
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds;
    }

    private static async Task<double> ThroughputAsync(AdaptiveStore store)
    {
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Decisions), new ParallelOptions { MaxDegreeOfParallelism = Writers }, (_, stop) => store.Decisions.AppendAsync(Decision(), null, stop));
        return Decisions / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static IEnumerable<double> Flushes(string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew);
        var page = new byte[4096];
        for (var i = 0; i < 500; i++)
        {
            file.Write(page);
            var began = Stopwatch.GetTimestamp();
            file.Flush(flushToDisk: true);
            yield return Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        }
    }

    private static void AddQuantiles(SortedDictionary<string, double> figures, string name, IEnumerable<double> microseconds)
    {
        double[] sorted = [.. microseconds.Order()];
        figures[$"{name}P50Microseconds"] = sorted[sorted.Length / 2];
        figures[$"{name}P99Microseconds"] = sorted[sorted.Length * 99 / 100];
    }

    // As large as a decision of m3-nano: some ninety features.
    private static DecisionRecord Decision() => new()
    {
        DecisionId = Guid.CreateVersion7(),
        At = TimeProvider.System.GetUtcNow(),
        Tenant = Tenant,
        RequestId = "",
        ModelVersion = "m3-nano@0123456789ab",
        PredictorVersion = "p-0123456789ab",
        ImageHash = new string('0', 64),
        Features = new float[90],
        Success = new float[5],
        Propensity = 1,
        Path = [new StepRecord(9, "Quality", 0.5f, 0.9f, new Cost(9, 1e9, 0.01))],
        Charged = new Cost(9, 1e9, 0.01),
    };
}
