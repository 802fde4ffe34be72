using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Costs;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Model.Network;
using M3.Adaptive.TestKit;
using static TorchSharp.torch;

namespace M3.Adaptive.Benchmarks.Model;

/// <summary>
/// The shape of the published 7B checkpoint with random weights in bfloat16, 14 GB: written as a folder, loaded by the product's own loader and
/// run by the arithmetic that the engine chooses. Everything is measured once: its times are long beside any noise.
/// </summary>
internal static class LargeModelBenchmark
{
    private const int DecodeSteps = 4;

    /// <summary>LLaVA-1.5-7B-M3's: CLIP ViT-L/14 at 336 pixels, Vicuna-7B.</summary>
    private static readonly ModelConfig Shape = new()
    {
        Vision = new() { HiddenSize = 1024, IntermediateSize = 4096, LayerCount = 24, HeadCount = 16, ImageSize = 336, PatchSize = 14 },
        Language = new()
        {
            HiddenSize = 4096,
            IntermediateSize = 11_008,
            LayerCount = 32,
            HeadCount = 32,
            KeyValueHeadCount = 32,
            VocabularySize = 32_000,
            MaxPositions = 4096,
        },
    };

    public static int Run(bool json)
    {
        set_num_threads(Environment.ProcessorCount);
        using var frozen = no_grad();
        using var rates = new MachineRates();
        rates.Measure();
        using var folder = new RunFolder("m3-7b-");
        try
        {
            Write(folder.Path);
            var figures = Measure(folder.Path);
            rates.Measure();
            var report = new Report(Limits(figures, rates), Machine.Measured(rates));
            report.Write(json);
            return 0;
        }
        catch (IOException fault)
        {
            Console.Error.WriteLine($"bench: {fault.Message} The model takes 14 GB in {Path.GetTempPath()}; TMPDIR names another place.");
            return 1;
        }
    }

    // One block of random numbers serves all tensors: what they are does not change how long anything takes.
    private static void Write(string folder)
    {
        const float deviation = 0.02f;
        Console.Error.WriteLine($"writing 14 GB to {folder}");
        var noise = new float[1 << 20];
        var random = new Random(1);
        for (var i = 0; i < noise.Length; i++) noise[i] = (random.NextSingle() - 0.5f) * deviation * MathF.Sqrt(12);
        var seconds = Clock.Seconds(() => CheckpointWriter.Save(
            folder, Shape, PreprocessorConfig.Clip336, File.ReadAllBytes(Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "tokenizer.model")),
            ModelTensors.Of(Shape).Select(tensor => (tensor.Name, (IReadOnlyList<long>)tensor.Shape, new TensorValues(() => Values(tensor.Name, tensor.Shape)))),
            TensorType.BFloat16));
        Console.Error.WriteLine($"written in {seconds:F0} s");

        float[] Values(string name, IReadOnlyList<long> shape)
        {
            var values = new float[shape.Aggregate(1L, static (product, extent) => product * extent)];
            if (name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal)) values.AsSpan().Fill(1);
            else for (var at = 0; at < values.Length; at += noise.Length) noise.AsSpan(0, Math.Min(noise.Length, values.Length - at)).CopyTo(values.AsSpan(at));
            return values;
        }
    }

    private static SortedDictionary<string, double> Measure(string folder)
    {
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        LoadedModel? opened = null;
        Put("loadSeconds", () => opened = LoadedModel.Open(folder, ArithmeticChoice.Storage(WeightChoice.Auto)));
        using var loaded = opened!;
        IArithmetic? chosen = null;
        Put("chooseSeconds", () => chosen = ArithmeticChoice.Make(loaded.Model, WeightChoice.Auto, Environment.ProcessorCount, TimeProvider.System));
        using var arithmetic = chosen!;
        Console.Error.WriteLine(arithmetic.Description);
        foreach (var (name, seconds) in AnswerPasses.Measure(arithmetic, Shape, DecodeSteps)) Set(name, seconds);

        using var process = System.Diagnostics.Process.GetCurrentProcess();
        figures["peakResidentGB"] = process.PeakWorkingSet64 / 1e9;               // pages of the mapped file among them
        figures["managedAndNativeGB"] = process.PrivateMemorySize64 / 1e9;
        return figures;

        void Put(string name, Action action) => Set(name, Clock.Seconds(action));

        void Set(string name, double seconds)
        {
            figures[name] = seconds;
            Console.Error.WriteLine($"{name,-20} {seconds,8:F2} s");
        }
    }

    // What FLOPs at the rate of a square product, and bytes at the bandwidth of a large sum, would take.
    private static SortedDictionary<string, double> Limits(SortedDictionary<string, double> figures, MachineRates rates)
    {
        var cost = new LanguageCost(Shape.Language, sizeof(ushort));
        var rate = Math.Max(rates.GemmGflops, rates.Bf16Gflops) * 1e9;
        figures["encodeLimitSeconds"] = VisionCost.EncodeFlops(Shape) / rate;
        foreach (var scale in VisualScale.All)
        {
            var step = cost.Pass(AnswerPasses.PrefixTokens + scale.Tokens + AnswerPasses.SuffixTokens, 1);
            figures[$"prefillLimitSeconds{scale}"] = cost.Pass(AnswerPasses.PrefixTokens, scale.Tokens + AnswerPasses.SuffixTokens).Flops / rate;
            figures[$"decodeLimitSeconds{scale}"] = step.Bytes / (rates.BandwidthGBs * 1e9);
        }

        return figures;
    }
}
