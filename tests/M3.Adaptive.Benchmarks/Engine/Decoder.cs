using M3.Adaptive.Benchmarks.Model;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Model.Costs;
using M3.Adaptive.Model.Network;
using TorchSharp;

namespace M3.Adaptive.Benchmarks.Engine;

/// <summary>Prefill and decoding steps of a random decoder of 97 million parameters in bfloat16, beside what the machine allows.</summary>
internal static class Decoder
{
    private const int Prompt = 636, Mean = 257, Steps = 12, Rounds = 3;

    public static void Measure(MachineRates rates, SortedDictionary<string, double> figures)
    {
        torch.manual_seed(1);
        using var model = new M3Model(ModelBenchmark.Shape);
        model.KeepIn(torch.ScalarType.BFloat16);
        using var arithmetic = ArithmeticChoice.Make(model, WeightChoice.BF16, Environment.ProcessorCount, TimeProvider.System);
        var cost = new LanguageCost(model.Config.Language, elementBytes: 2);
        var (prefill, alone, one, sixteen) = (double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
        for (var round = 0; round < Rounds; round++)
        {
            rates.Measure();
            prefill = Math.Min(prefill, Prefill(arithmetic));
            alone = Math.Min(alone, Step(arithmetic, 1, Prompt));
            one = Math.Min(one, Step(arithmetic, 1, Mean));
            sixteen = Math.Min(sixteen, Step(arithmetic, 16, Mean));
        }

        figures["prefillMs636"] = 1e3 * prefill;
        figures["decodeMs1"] = 1e3 * alone;
        figures["decodeMs16"] = 1e3 * sixteen;
        figures["batch16OverBatch1"] = 16 * one / sixteen;
        figures["prefillShareOfGemm"] = cost.Pass(0, Prompt).Flops / prefill / (1e9 * Math.Max(rates.GemmGflops, rates.Bf16Gflops));
        figures["decodeShareOfBandwidth"] = cost.Pass(Prompt, 1).Bytes / alone / (1e9 * rates.BandwidthGBs);
    }

    private static double Prefill(IArithmetic arithmetic)
    {
        using var sequence = arithmetic.NewSequence(Prompt);
        return Clock.Seconds(() => arithmetic.Prefill([new PrefillChunk(sequence, null, new int[Prompt], new float[arithmetic.Vocabulary])]));
    }

    private static double Step(IArithmetic arithmetic, int rows, int positions)
    {
        var sequences = Enumerable.Range(0, rows).Select(_ => arithmetic.NewSequence(positions + Steps)).ToArray();
        arithmetic.Prefill([.. sequences.Select(sequence => new PrefillChunk(sequence, null, new int[positions], default))]);
        DecodeRow[] batch = [.. sequences.Select(sequence => new DecodeRow(sequence, 1, new float[arithmetic.Vocabulary]))];
        var best = Enumerable.Range(0, Steps).Min(_ => Clock.Seconds(() => arithmetic.Decode(batch)));
        foreach (var sequence in sequences) sequence.Dispose();
        return best;
    }
}
