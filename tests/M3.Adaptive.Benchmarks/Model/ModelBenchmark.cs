using M3.Adaptive.Core;
using M3.Adaptive.Model.Costs;
using M3.Adaptive.Model.Network;
using TorchSharp;

namespace M3.Adaptive.Benchmarks.Model;

/// <summary>
/// Encode, prefill and decode of a random model of 100 million parameters, per scale, against what the machine's library reaches
/// on one square product and one sum over a large tensor. Every figure is the best of several rounds, and machine and model are
/// measured in turn, so that a busy moment spoils neither.
/// </summary>
internal static class ModelBenchmark
{
    private const int PrefixTokens = 35, SuffixTokens = 25;                       // the real prompt's, with a short question
    private const int DecodeSteps = 16;

    /// <summary>97 M parameters in the decoder, 4 M in tower and projector.</summary>
    public static ModelConfig Shape { get; } = new()
    {
        Vision = new() { HiddenSize = 256, IntermediateSize = 1024, LayerCount = 5, HeadCount = 4, ImageSize = 336, PatchSize = 14 },
        Language = new()
        {
            HiddenSize = 768,
            IntermediateSize = 2048,
            LayerCount = 12,
            HeadCount = 12,
            KeyValueHeadCount = 12,
            VocabularySize = 8192,
            MaxPositions = 2048,
        },
    };

    public static int Run(string[] args)
    {
        if (args.Except(["--json"]) is var rest && rest.SequenceEqual(["--shape", "7b"])) return LargeModelBenchmark.Run(args.Contains("--json"));
        if (args.Except(["--json", "--smoke"]).Any() is var misused && (misused || args.Contains("--help")))
        {
            Console.Error.WriteLine(
                """
                Usage: bench model [--json] [--smoke]      a random model of 100 million parameters; --smoke: one round
                       bench model --shape 7b [--json]     the published 7B checkpoint's shape: 14 GB on disk, some minutes
                """);
            return args.Contains("--help") ? 0 : 2;
        }

        torch.set_num_threads(Environment.ProcessorCount);
        using var frozen = torch.no_grad();
        using var rates = new MachineRates();
        using var model = new BenchmarkModel(Shape);
        var best = new Dictionary<string, double>();
        for (var round = 0; round < (args.Contains("--smoke") ? 1 : 3); round++)
        {
            rates.Measure();
            foreach (var (name, seconds) in model.Measure(PrefixTokens, SuffixTokens, DecodeSteps))
                best[name] = Math.Min(best.GetValueOrDefault(name, double.PositiveInfinity), seconds);
            Console.Error.WriteLine($"round {round + 1}: GEMM {rates.GemmGflops:F0} GFLOP/s, bandwidth {rates.BandwidthGBs:F1} GB/s");
        }

        new Report(Figures(best, rates), Machine.Measured(rates)).Write(args.Contains("--json"));
        return 0;
    }

    private static SortedDictionary<string, double> Figures(Dictionary<string, double> seconds, MachineRates rates)
    {
        var cost = new LanguageCost(Shape.Language);
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        figures["parameters"] = cost.BlockParameters + (2 * cost.HeadParameters);
        figures["encodeSeconds"] = seconds["encode"];
        figures["encodeGflops"] = VisionCost.EncodeFlops(Shape) / seconds["encode"] / 1e9;
        foreach (var scale in VisualScale.All)
        {
            var prefill = cost.Pass(PrefixTokens, scale.Tokens + SuffixTokens);
            var step = cost.Pass(PrefixTokens + scale.Tokens + SuffixTokens + (DecodeSteps / 2), 1);
            var (prefillSeconds, stepSeconds) = (seconds[$"prefill{scale}"], seconds[$"decode{scale}"]);
            figures[$"prefillSeconds{scale}"] = prefillSeconds;
            figures[$"prefillGflops{scale}"] = prefill.Flops / prefillSeconds / 1e9;
            figures[$"decodeSeconds{scale}"] = stepSeconds;
            figures[$"decodeGBs{scale}"] = step.Bytes / stepSeconds / 1e9;
        }

        figures["prefillShareOfGemm"] = figures["prefillGflops576"] / rates.GemmGflops;
        figures["decodeShareOfBandwidth"] = figures["decodeGBs576"] / rates.BandwidthGBs;
        return figures;
    }
}
