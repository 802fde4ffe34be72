using System.Globalization;
using M3.Adaptive.Benchmarks.Model;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Kernels;
using M3.Adaptive.Model;
using M3.Adaptive.TestKit;
using TorchSharp;

namespace M3.Adaptive.Benchmarks.Precision;

/// <summary>
/// Answers of m3-nano to test questions by each type of weights beside those of the plain path: how many are the same at each scale, and by how much
/// the log-probabilities of the plain path's tokens differ. Every pass is made in the way named here, whatever is quickest on this machine.
/// </summary>
internal static class PrecisionBenchmark
{
    private const int Questions = 500, SmokeQuestions = 20;
    private static readonly string Nano = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");

    // Encoding and prefill by libtorch's products in the weights' type, decoding by the kernels.
    private static readonly Way[] Ways =
    [
        new("F32", WeightStorage.Float32, Products.Float32, Int8: false),
        new("BF16", WeightStorage.BFloat16, Products.BFloat16, Int8: false),
        new("Int8", WeightStorage.BFloat16, Products.BFloat16, Int8: true),
    ];

    public static int Run(string[] args)
    {
        if (args.Except(["--json", "--smoke"]).Any())
        {
            Console.Error.WriteLine($"Usage: bench precision [--json] [--smoke]   ({Questions} test questions at every scale; --smoke: {SmokeQuestions})");
            return args.Contains("--help") ? 0 : 2;
        }

        torch.set_num_threads(Environment.ProcessorCount);
        using var frozen = torch.no_grad();
        using var rates = new MachineRates();
        rates.Measure();
        var set = QuestionSet.Read(Path.Combine(Nano, "test")).Thinned(args.Contains("--smoke") ? SmokeQuestions : Questions);
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["questions"] = set.Questions.Count };
        var reference = Reference(set);
        foreach (var way in Ways) Compare(way, reference, Again(way, set, reference), figures);
        new Report(figures, Machine.Measured(rates)).Write(args.Contains("--json"));
        return 0;
    }

    private static List<Answer> Reference(QuestionSet set)
    {
        using var loaded = LoadedModel.Open(Nano);
        using var arithmetic = new PlainArithmetic(loaded.Model);
        using var run = new AnswerRun(loaded, arithmetic, set);
        return run.Run(given: null);
    }

    private static List<Answer> Again(Way way, QuestionSet set, List<Answer> reference)
    {
        using var loaded = LoadedModel.Open(Nano, way.Storage);
        var pool = new WorkerPool(Environment.ProcessorCount);
        var passes = new Passes(loaded.Model.Language, loaded.Config.Language, pool, way.Int8, KernelSet.Width);
        var encoder = new Encoder(loaded.Model, loaded.Model.Language.EmbeddingWeight.dtype);
        using var arithmetic = new BatchedArithmetic(loaded.Model, pool, passes, PrefillTable.Always(way.Prefill), Products.Kernels, encoder);
        Console.Error.WriteLine($"{way.Name}: {arithmetic.Description}");
        using var run = new AnswerRun(loaded, arithmetic, set);
        return run.Run(reference);
    }

    private static void Compare(Way way, List<Answer> reference, List<Answer> answers, SortedDictionary<string, double> figures)
    {
        foreach (var scale in VisualScale.All)
            figures[$"sameAnswers{way.Name}At{scale.Tokens.ToString(CultureInfo.InvariantCulture)}"] = answers.Where(answer => answer.Scale == scale).Average(static answer => answer.IsGreedy ? 1.0 : 0);

        double[] differences = [.. reference.Zip(answers).SelectMany(static pair => pair.First.LogProbabilities.Zip(pair.Second.LogProbabilities))
            .Select(static pair => Math.Abs(pair.First - pair.Second)).Order()];
        figures[$"tokens{way.Name}"] = differences.Length;
        foreach (var percent in (int[])[50, 90, 99])
            figures[$"logProbabilityDifference{way.Name}P{percent}"] = differences[Math.Min(differences.Length - 1, percent * differences.Length / 100)];
        figures[$"logProbabilityDifference{way.Name}Max"] = differences[^1];
    }

    /// <param name="Name">Within the figures' names.</param>
    /// <param name="Storage">Of the weights.</param>
    /// <param name="Prefill">How prompts are computed.</param>
    /// <param name="Int8">Whether decoding takes the weights as 8-bit integers.</param>
    private sealed record Way(string Name, WeightStorage Storage, Products Prefill, bool Int8);
}
