using M3.Adaptive.Benchmarks.Model;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Model.Network;
using LLama.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace M3.Adaptive.Benchmarks.Peers;

/// <summary>
/// The engine's arithmetic beside llama.cpp on the same random decoder of 97 million parameters, by turns in one process. Each side is given the
/// better of its rounds, and llama.cpp the better of its two KV layouts. Before anything is timed both must give the same logits.
/// </summary>
internal static class PeersBenchmark
{
    private const int PromptTokens = 636;                                         // 576 visual tokens and the prompt around them
    private const int Shortest = 62, Longest = 452;                               // of the sequences that are decoded together: 257 on average
    private const int Steps = 12;                                                 // of a round

    private static readonly Pair[] Pairs =
    [
        new("F32", WeightChoice.F32, ScalarType.Float32, GgufType.F32, Tolerance: 0.01),
        new("", WeightChoice.BF16, ScalarType.BFloat16, GgufType.BF16, Tolerance: 0.03),
        new("Int8", WeightChoice.Int8, ScalarType.BFloat16, GgufType.Q8_0, Tolerance: 0.15),
    ];

    public static int Run(string[] args)
    {
        var names = args.Where(static arg => !arg.StartsWith('-')).ToArray();
        Pair[] pairs = names.Length == 0 ? Pairs : [.. Pairs.Where(pair => names.Contains($"{pair.Gguf}", StringComparer.OrdinalIgnoreCase))];
        if (pairs.Length < names.Length || args.Except([.. names, "--json", "--smoke"]).Any())
        {
            Console.Error.WriteLine($"Usage: bench peers [{string.Join("] [", Pairs.Select(static pair => pair.Gguf))}] [--json] [--smoke]   (all types unless some are named; --smoke: one round)");
            return args.Contains("--help") ? 0 : 2;
        }

        NativeLibraryConfig.All.WithLogCallback(static (_, _) => { });
        torch.set_num_threads(Environment.ProcessorCount);
        using var frozen = no_grad();
        using var rates = new MachineRates();
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        // Between two passes: an exit in the middle of one would free what libllama computes with.
        using var stop = new CancellationTokenSource();
        using var folder = new RunFolder("m3-peers-", stop);
        try
        {
            foreach (var pair in pairs) Compare(pair, args.Contains("--smoke") ? 1 : 4, Path.Combine(folder.Path, $"{pair.Gguf}.gguf"), rates, figures, stop.Token);
        }
        catch (OperationCanceledException)
        {
            return RunFolder.Interrupted;
        }
        catch (InvalidDataException fault)
        {
            Console.Error.WriteLine($"bench: {fault.Message}");
            return 1;
        }

        new Report(figures, Machine.Measured(rates)).Write(args.Contains("--json"));
        return 0;
    }

    private static void Compare(Pair pair, int rounds, string path, MachineRates rates, SortedDictionary<string, double> figures, CancellationToken stop)
    {
        manual_seed(1);
        using var model = new M3Model(ModelBenchmark.Shape);
        if (pair.Type == ScalarType.BFloat16) model.KeepIn(ScalarType.BFloat16);
        GgufModel.Write(path, model.Language, model.Config.Language, pair.Gguf);
        using var ours = new OurPeer(model, pair.Weights);
        using var split = new LlamaPeer(path, PromptTokens, unified: false);
        using var unified = new LlamaPeer(path, PromptTokens, unified: true);
        Console.Error.WriteLine($"{pair.Gguf}: {ours.Description}");
        IPeer[] theirs = [split, unified];

        var check = Prompts.Of(64);
        Agree("prefill", ours.Prefill(check), static (peer, tokens) => peer.Prefill(tokens), check);

        var prompt = Prompts.Of(PromptTokens - 10);
        Put("prefill", rounds, () => Clock.Seconds(() => ours.Prefill(prompt)), () => Clock.Seconds(() => split.Prefill(prompt)));
        foreach (var batch in (int[])[1, 8, 16])
        {
            int[] lengths = batch == 1 ? [PromptTokens] : [.. Enumerable.Range(0, batch).Select(i => Shortest + ((Longest - Shortest) * i / (batch - 1)))];
            foreach (var peer in theirs.Prepend(ours)) peer.Hold(lengths);
            Agree($"decode{batch}", ours.Step(check[0]), static (peer, tokens) => peer.Step(tokens[0]), check);
            Put($"decode{batch}", rounds, () => StepSeconds(ours), () => theirs.Min(StepSeconds));
        }

        void Agree(string what, float[] logits, Func<IPeer, int[], float[]> run, int[] tokens)
        {
            var error = theirs.Max(peer => Difference(logits, run(peer, tokens)));
            figures[$"{what}LogitError{pair.Gguf}"] = error;
            if (error > pair.Tolerance)
                throw new InvalidDataException($"{what}: logits differ by {error:P1} of their size in {pair.Gguf}; expected at most {pair.Tolerance:P0}");
        }

        void Put(string what, int times, Func<double> our, Func<double> their)
        {
            var (best, peer) = (double.PositiveInfinity, double.PositiveInfinity);
            for (var round = 0; round < times; round++)
            {
                rates.Measure();
                stop.ThrowIfCancellationRequested();
                best = Math.Min(best, our());
                stop.ThrowIfCancellationRequested();
                peer = Math.Min(peer, their());
            }

            figures[$"{what}Seconds{pair.Gguf}"] = best;
            figures[$"{what}SecondsLlamaCpp{pair.Gguf}"] = peer;
            figures[$"{what}{pair.Name}OverLlamaCpp"] = peer / best;
            Console.Error.WriteLine($"{pair.Gguf} {what}: {best * 1e3:F1} ms, llama.cpp {peer * 1e3:F1} ms: {peer / best:F2}");
        }
    }

    private static double StepSeconds(IPeer peer)
    {
        peer.Rewind();
        return Enumerable.Range(0, Steps).Min(step => Clock.Seconds(() => peer.Step(7 + step)));
    }

    // Root mean square of the difference over that of the first.
    private static double Difference(float[] logits, float[] others) =>
        Math.Sqrt(logits.Zip(others).Sum(static pair => Math.Pow(pair.First - pair.Second, 2)) / logits.Sum(static logit => (double)logit * logit));

    /// <param name="Name">Within the figures' names.</param>
    /// <param name="Weights">Of ours.</param>
    /// <param name="Type">In which our weights are kept.</param>
    /// <param name="Gguf">In which theirs are kept.</param>
    /// <param name="Tolerance">Of the logits, a share of their size.</param>
    private sealed record Pair(string Name, WeightChoice Weights, ScalarType Type, GgufType Gguf, double Tolerance);
}
