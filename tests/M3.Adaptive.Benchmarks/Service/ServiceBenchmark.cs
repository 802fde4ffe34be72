using System.Text.Json;
using M3.Adaptive.Benchmarks.Model;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Store;
using M3.Adaptive.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Benchmarks.Service;

/// <summary>
/// The service over gRPC, in processes of their own: what it adds to a request beside the model, automatic scales beside always the finest one under
/// concurrent callers, and what a retraining takes from callers.
/// </summary>
internal static class ServiceBenchmark
{
    /// <summary>Calls before those that are timed, so that what is compiled while it runs has been.</summary>
    private const int WarmUp = 3000;

    private const int RatePerSecond = 200, TimedSeconds = 15, Questions = 200, QuestionsBesideRetraining = 300;
    private static readonly string[] Parts = ["overhead", "throughput", "retraining"];
    private static readonly int[] CallerCounts = [1, 8, 32];
    private static readonly string[] Serve = [ServiceProgram.Find("M3.Adaptive.Service"), "serve", "--port", "0", "--stop-with-input"];
    private static readonly string TestSet = Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "test");

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Except([.. Parts, "--json", "--smoke"]).Any() is var misused && (misused || args.Contains("--help")))
        {
            Console.Error.WriteLine($"Usage: bench service [{string.Join('|', Parts)}] [--json] [--smoke]   (without a name: all; --smoke: a tenth of the requests)");
            return args.Contains("--help") ? 0 : 2;
        }

        var share = args.Contains("--smoke") ? 0.1 : 1;
        string[] asked = [.. args.Intersect(Parts)];
        var parts = asked.Length > 0 ? asked : Parts;
        var folder = Directory.CreateTempSubdirectory("m3-service-").FullName;
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        try
        {
            if (parts.Contains("overhead")) await OverheadAsync(figures, folder, (int)(share * WarmUp), (int)(share * TimedSeconds * RatePerSecond));
            if (parts.Contains("throughput")) await ThroughputAsync(figures, folder, (int)(share * Questions));
            if (parts.Contains("retraining")) await RetrainingAsync(figures, folder, (int)(share * QuestionsBesideRetraining));
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

    /// <summary>Questions about one picture of 1 kB at a stated rate, with a budget, answered at once: gRPC, routing, budget and store are left.</summary>
    private static async Task OverheadAsync(SortedDictionary<string, double> figures, string folder, int warmUp, int requests)
    {
        var (state, data) = (Path.Combine(folder, "overhead"), Path.Combine(folder, "data"));
        await using (var store = new AdaptiveStore(new StoreOptions(), state, TimeProvider.System, NullLoggerFactory.Instance))
        {
            await store.OpenAsync(default);
            await store.Budgets.SetAsync(new TenantBudget(Tenants.Default, BudgetUnit.VisualTokens, 1L << 50, TimeSpan.FromDays(1), 1), "bench", default);
        }

        WriteData(data);
        await using var service = await ServiceProgram.StartAsync(
            state, [typeof(ServiceBenchmark).Assembly.Location, "overhead-probe", $"{warmUp}"], ("DOTNET_gcServer", "1"));
        await LoadDriver.RunAsync(service.Address, "--data", data, "--requests", $"{requests}", "--rate", $"{RatePerSecond}", "--warm-up", $"{warmUp}");
        foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, double>>(await service.StopAsync())!) Put(figures, name, value);
    }

    // The questions about the test set's picture whose file is nearest to 1 kB.
    private static void WriteData(string folder)
    {
        var all = QuestionSet.Read(TestSet).ByImage().ToList();
        var picture = all.MinBy(static group => Math.Abs(new FileInfo(Path.Combine(TestSet, group.Key)).Length - 1024))!;
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(TestSet, picture.Key), Path.Combine(folder, picture.Key));
        File.WriteAllLines(Path.Combine(folder, "questions.jsonl"), picture.Select(static question => JsonSerializer.Serialize(question)));
    }

    /// <summary>The same questions at automatic and at the finest scale, by turns, each picture encoded anew.</summary>
    private static async Task ThroughputAsync(SortedDictionary<string, double> figures, string folder, int requests)
    {
        await using var service = await ServiceProgram.StartAsync(
            Path.Combine(folder, "throughput"), Serve,
            ("Inference__VisionCacheImages", "0"), ("Inference__PictureKvBytes", "0"));
        var (ratios, shares, automatic, finest) = (new List<double>(), new List<double>(), new List<Load>(), new List<Load>());
        foreach (var callers in CallerCounts)
        {
            string[] asked = ["--requests", $"{requests}", "--callers", $"{callers}", "--seed", $"{callers}", "--warm-up", $"{callers}"];
            automatic.Add(await LoadDriver.RunAsync(service.Address, asked));
            finest.Add(await LoadDriver.RunAsync(service.Address, [.. asked, "--scale", "576"]));
            ratios.Add(automatic[^1].Throughput / finest[^1].Throughput);
            shares.Add(ratios[^1] / (finest[^1].FlopsPerAnswer / automatic[^1].FlopsPerAnswer));
            Put(figures, $"autoAnswersPerSecond{callers}", automatic[^1].Throughput);
            Put(figures, $"finestAnswersPerSecond{callers}", finest[^1].Throughput);
            Put(figures, $"autoOverFinestThroughput{callers}", ratios[^1]);
            Put(figures, $"autoShareOfFlopBound{callers}", shares[^1]);
        }

        // The smallest of the three loads counts.
        figures["autoOverFinestThroughput"] = ratios.Min();
        figures["autoShareOfFlopBound"] = shares.Min();
        figures["autoAccuracy"] = automatic.Average(static load => load.Accuracy);
        figures["finestAccuracy"] = finest.Average(static load => load.Accuracy);
        figures["autoMeanVisualTokens"] = automatic.Average(static load => load.MeanVisualTokens);
    }

    /// <summary>Median and 99th percentile of the times that callers waited; the middle of the turns counts.</summary>
    private static async Task RetrainingAsync(SortedDictionary<string, double> figures, string folder, int requests)
    {
        var state = Path.Combine(folder, "retraining");
        await using var service = await ServiceProgram.StartAsync(state, Serve);
        var load = await RetrainingLoad.PrepareAsync(service, state);
        var (alone, beside) = await load.RunAsync(requests);
        Put(figures, "p50Alone", Middle(alone, static latency => latency.P50));
        Put(figures, "p50BesideRetraining", Middle(beside, static latency => latency.P50));
        Put(figures, "p99Alone", Middle(alone, static latency => latency.P99));
        Put(figures, "p99BesideRetraining", Middle(beside, static latency => latency.P99));
        figures["retrainingOverAloneP99"] = figures["p99BesideRetraining"] / figures["p99Alone"];

        static double Middle(IReadOnlyList<Load> loads, Func<LatencyMs, double> of) => loads.Select(load => of(load.LatencyMs)).Order().ElementAt(loads.Count / 2);
    }

    private static void Put(SortedDictionary<string, double> figures, string name, double value)
    {
        figures[name] = value;
        Console.Error.WriteLine($"{name,-32} {value,10:F1}");
    }
}
