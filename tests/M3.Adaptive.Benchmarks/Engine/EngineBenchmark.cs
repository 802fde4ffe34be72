using M3.Adaptive.Benchmarks.Model;
using M3.Adaptive.Inference;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Engine;
using M3.Adaptive.Model;
using M3.Adaptive.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp;

namespace M3.Adaptive.Benchmarks.Engine;

/// <summary>
/// The engine with the shipped model under load, beside the plain path (float32, one answer at a time, as the engine was before it batched) and
/// beside padded batches; by turns in one process, on the same seeded questions, four a picture.
/// </summary>
internal static class EngineBenchmark
{
    private const double Load = 0.6;                                              // of the highest throughput, where latencies are taken
    private static readonly int[] CallerCounts = [1, 8, 32];
    private static readonly Mix[] Mixes = [Mix.Finest, Mix.Coarse, Mix.Mixed];
    private static readonly string[] Parts = [.. Mixes.Select(static mix => mix.Name), "latencies", "stalls", "decoder"];

    public static async Task<int> RunAsync(string[] args)
    {
        var named = args.Where(static arg => !arg.StartsWith('-')).ToArray();
        if (args.Except([.. Parts, "--json", "--smoke"]).Any())
        {
            Console.Error.WriteLine($"Usage: bench engine [{string.Join("] [", Parts)}] [--json] [--smoke]   (all parts unless some are named; --smoke: two seconds of each load)");
            return args.Contains("--help") ? 0 : 2;
        }

        var parts = named.Length == 0 ? Parts : named;
        var smoke = args.Contains("--smoke");
        var folder = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");
        var run = new Run(new Traffic(Path.Combine(folder, "test")), folder, TimeSpan.FromSeconds(smoke ? 2 : 3), smoke ? 1 : 2);
        torch.set_num_threads(Environment.ProcessorCount);
        using var rates = new MachineRates();
        rates.Measure();
        await run.ThroughputAsync([.. Mixes.Where(mix => parts.Contains(mix.Name))]);
        if (parts.Contains("latencies")) await run.LatenciesAsync();
        if (parts.Contains("stalls")) await run.StallsAsync();
        if (parts.Contains("decoder")) Decoder.Measure(rates, run.Figures);
        rates.Measure();
        run.PutRatios(rates);
        new Report(run.Figures, Machine.Measured(rates)).Write(args.Contains("--json"));
        return 0;
    }

    private sealed class Run(Traffic traffic, string folder, TimeSpan time, int rounds)
    {
        public SortedDictionary<string, double> Figures { get; } = new(StringComparer.Ordinal);

        /// <summary>Floating-point operations a second of the mixed load, encodes among them.</summary>
        public double MixedFlops { get; private set; }

        /// <summary>Puts how loads compare, of those that were measured.</summary>
        public void PutRatios(MachineRates rates)
        {
            Put("mixedOverFinest", "mixedAnswersPerSecond32", "finestAnswersPerSecond32");
            Put("mixedOverPadded", "mixedAnswersPerSecond32", "mixedAnswersPerSecondPadded");
            foreach (var (mix, callers) in Mixes.SelectMany(static mix => CallerCounts.Select(callers => (mix.Name, callers))))
                Put($"{mix}OverPlain{callers}", $"{mix}AnswersPerSecond{callers}", $"{mix}AnswersPerSecond{callers}Plain");
            if (MixedFlops > 0) Figures["mixedShareOfFlopBound"] = MixedFlops / (rates.GemmGflops * 1e9);

            void Put(string name, string over, string under)
            {
                if (Figures.TryGetValue(over, out var rate) && Figures.TryGetValue(under, out var other) && other > 0) Figures[name] = rate / other;
            }
        }

        public async Task ThroughputAsync(IReadOnlyList<Mix> mixes)
        {
            if (mixes.Count == 0) return;
            using var batched = Open(WeightChoice.Auto);
            using var plain = Open(WeightChoice.Plain);
            using var loaded = LoadedModel.Open(folder, ArithmeticChoice.Storage(WeightChoice.Auto));
            using var padded = ArithmeticChoice.Make(loaded.Model, WeightChoice.Auto, Environment.ProcessorCount, TimeProvider.System);
            for (var round = 0; round < rounds; round++)
            {
                foreach (var mix in mixes)
                {
                    foreach (var callers in CallerCounts)
                    {
                        var seed = (1000 * round) + (300 * Array.IndexOf(CallerCounts, callers));
                        var samples = await MeasureAsync(batched, mix, callers, seed, "");
                        if (mix == Mix.Mixed && callers == 32)
                            MixedFlops = Math.Max(MixedFlops, (samples.Flops + (samples.Answers / (double)Traffic.QuestionsPerPicture * batched.EncodeFlops)) / time.TotalSeconds);
                        await MeasureAsync(plain, mix, callers, seed, "Plain");
                    }

                    Best($"{mix.Name}AnswersPerSecondPadded", PaddedBatches.Run(loaded, padded, traffic.Visits(mix, 1000 * round), time));
                }
            }
        }

        /// <summary>Latencies at a load that the engine can bear, and at one that the plain path can.</summary>
        public async Task LatenciesAsync()
        {
            using var plain = Open(WeightChoice.Plain);
            var plainRate = Load * await RateAsync(plain, Mix.Mixed, "Plain");
            using (var batched = Open(WeightChoice.Auto))
            {
                var rate = Load * await RateAsync(batched, Mix.Mixed, "");
                (await Callers.OpenAsync(batched, traffic.Visits(Mix.Mixed, 5000), Math.Max(1, rate), 2 * time, seed: 1)).Put("mixed", Figures);
                (await Callers.OpenAsync(batched, traffic.Visits(Mix.Mixed, 6000), plainRate, 2 * time, seed: 2)).Put("mixedAtPlainLoad", Figures);
            }

            (await Callers.OpenAsync(plain, traffic.Visits(Mix.Mixed, 6000), plainRate, 2 * time, seed: 2)).Put("mixedAtPlainLoadPlain", Figures);
        }

        /// <summary>Time between the tokens of long answers while pictures and questions at the finest scale arrive.</summary>
        public async Task StallsAsync()
        {
            using var batched = Open(WeightChoice.Auto);
            var rate = Load * await RateAsync(batched, Mix.Finest, "");
            var gaps = new Samples();
            using var stop = new CancellationTokenSource();
            var visit = traffic.Visits(Mix.Coarse, 1).First();
            using var image = await batched.EncodeAsync(visit.Picture, CancellationToken.None);
            var answering = Callers.LongAnswersAsync(batched, image, visit.Questions[0].Question, 8, gaps, stop.Token);
            await Callers.OpenAsync(batched, traffic.Visits(Mix.Finest, 2000), Math.Max(1, rate), 2 * time, seed: 3);
            await stop.CancelAsync();
            await answering;
            Figures["interTokenP99OverMedian"] = gaps.GapP99OverMedian;
            gaps.Put("stalled", Figures);
        }

        // With the most callers: as it was measured before, or now.
        private async Task<double> RateAsync(M3Generator engine, Mix mix, string which)
        {
            var name = $"{mix.Name}AnswersPerSecond{CallerCounts[^1]}{which}";
            if (!Figures.ContainsKey(name)) await MeasureAsync(engine, mix, CallerCounts[^1], seed: 4000, which);
            return Figures[name];
        }

        // By the clock, and by the processor's time, which others on the machine disturb less.
        private async Task<Samples> MeasureAsync(M3Generator engine, Mix mix, int callers, int seed, string which)
        {
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            var before = TimeSpan.Zero;
            var samples = await Callers.ClosedAsync(engine, traffic.Visits(mix, seed), callers, time, () =>
            {
                process.Refresh();
                before = process.TotalProcessorTime;
            });
            process.Refresh();
            Best($"{mix.Name}AnswersPerSecond{callers}{which}", samples.Answers / time.TotalSeconds);
            if (process.TotalProcessorTime > before) Best($"{mix.Name}AnswersPerCpuSecond{callers}{which}", samples.Answers / (process.TotalProcessorTime - before).TotalSeconds);
            return samples;
        }

        private void Best(string name, double value)
        {
            Figures[name] = Math.Max(value, Figures.GetValueOrDefault(name));
            Console.Error.WriteLine($"{name,-32} {value,10:F1}");
        }

        private M3Generator Open(WeightChoice weights) => M3Generator.Open(
            new InferenceOptions
            {
                ModelDirectory = folder,
                Weights = weights,
                MaxWaiting = 65_536,
                MaxRunning = weights == WeightChoice.Plain ? 1 : new InferenceOptions().MaxRunning,
                MaxStall = weights == WeightChoice.Plain ? TimeSpan.FromSeconds(10) : new InferenceOptions().MaxStall,
                PictureKvBytes = weights == WeightChoice.Plain ? 0 : new InferenceOptions().PictureKvBytes,
            },
            TimeProvider.System, NullLogger<M3Generator>.Instance);
    }
}
