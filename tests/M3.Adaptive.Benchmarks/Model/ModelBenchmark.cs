using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Model.Costs;
using M3.Adaptive.Model.Network;
using TorchSharp;

namespace M3.Adaptive.Benchmarks.Model;

/// <summary>
/// Encode, prefill and decode of a random model of 100 million bfloat16 parameters, per scale, in the ways that the engine chooses, against what the machine's
/// library reaches on one square product and one sum over a large tensor. Every figure is the best of several rounds, and machine and model are
/// measured in turn, so that a busy moment spoils neither.
/// </summary>
internal static class ModelBenchmark
{
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
        using var model = new M3Model(Shape);
        model.KeepIn(torch.ScalarType.BFloat16);
        using var arithmetic = ArithmeticChoice.Make(model, WeightChoice.Auto, Environment.ProcessorCount, TimeProvider.System);
        Console.Error.WriteLine(arithmetic.Description);
        var best = new Dictionary<string, double>();
        for (var round = 0; round < (args.Contains("--smoke") ? 1 : 3); round++)
        {
            rates.Measure();
            foreach (var (name, seconds) in AnswerPasses.Measure(arithmetic, Shape, DecodeSteps))
                best[name] = Math.Min(best.GetValueOrDefault(name, double.PositiveInfinity), seconds);
            Console.Error.WriteLine($"round {round + 1}: GEMM {rates.GemmGflops:F0} GFLOP/s, bandwidth {rates.BandwidthGBs:F1} GB/s");
        }

        new Report(Figures(best, rates, (int)model.Language.EmbeddingWeight.element_size()), Machine.Measured(rates)).Write(args.Contains("--json"));
        return 0;
    }

    private static SortedDictionary<string, double> Figures(Dictionary<string, double> seconds, MachineRates rates, int elementBytes)
    {
        var cost = new LanguageCost(Shape.Language, elementBytes);
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        figures["parameters"] = cost.BlockParameters + (2 * cost.HeadParameters);
        foreach (var (name, least) in seconds) figures[name] = least;
        figures["encodeGflops"] = VisionCost.EncodeFlops(Shape) / seconds["encodeSeconds"] / 1e9;
        foreach (var scale in VisualScale.All)
        {
            var prefill = cost.Pass(AnswerPasses.PrefixTokens, scale.Tokens + AnswerPasses.SuffixTokens);
            var step = cost.Pass(AnswerPasses.PrefixTokens + scale.Tokens + AnswerPasses.SuffixTokens + (DecodeSteps / 2), 1);
            figures[$"prefillGflops{scale}"] = prefill.Flops / seconds[$"prefillSeconds{scale}"] / 1e9;
            figures[$"decodeGBs{scale}"] = step.Bytes / seconds[$"decodeSeconds{scale}"] / 1e9;
        }

        figures["prefillShareOfGemm"] = figures["prefillGflops576"] / Math.Max(rates.GemmGflops, rates.Bf16Gflops);
        figures["decodeShareOfBandwidth"] = figures["decodeGBs576"] / rates.BandwidthGBs;
        return figures;
    }
}
