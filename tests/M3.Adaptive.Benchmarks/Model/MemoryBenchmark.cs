using System.Diagnostics;
using System.Text.Json;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Imaging;

namespace M3.Adaptive.Benchmarks.Model;

/// <summary>
/// What loading a float32 checkpoint of 100 million parameters and one answer at the finest scale take at most, in a process of
/// their own, beside what is allowed: 1.3 times the checkpoint and 200 MB.
/// </summary>
internal static class MemoryBenchmark
{
    private const string Nano = "models/m3-nano";
    private const double AllowedShare = 1.3, AllowedBytes = 200e6;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Except(["--json"]).Any())
        {
            Console.Error.WriteLine("Usage: bench memory [--json]");
            return args.Contains("--help") ? 0 : 2;
        }

        var folder = Directory.CreateTempSubdirectory("m3-memory-").FullName;
        try
        {
            using (var model = new M3Model(ModelBenchmark.Shape))
            {
                CheckpointWriter.Save(
                    folder, ModelBenchmark.Shape, PreprocessorConfig.Clip336, File.ReadAllBytes(Path.Combine(Nano, CheckpointFolder.TokenizerFile)),
                    ModuleParameters.Of(model.Weights()), TensorType.Float32);
            }

            var checkpoint = Directory.GetFiles(folder, "*.safetensors").Sum(static file => new FileInfo(file).Length);
            var peak = await PeakOfProbeAsync(folder);
            using var rates = new MachineRates();
            rates.Measure();
            var figures = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["checkpointMB"] = checkpoint / 1e6,
                ["peakMB"] = peak / 1e6,
                ["peakOverAllowed"] = peak / (AllowedShare * checkpoint + AllowedBytes),
            };
            new Report(figures, new Machine(Machine.CpuName, Environment.ProcessorCount, rates.GemmGflops, rates.BandwidthGBs)).Write(args.Contains("--json"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<long> PeakOfProbeAsync(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(MemoryBenchmark).Assembly.Location, "memory-probe", folder, Path.Combine(Nano, "samples", "receipt.png")])
        {
            RedirectStandardOutput = true,
        };
        using var probe = Process.Start(start)!;
        var said = await probe.StandardOutput.ReadToEndAsync();
        await probe.WaitForExitAsync();
        return probe.ExitCode == 0
            ? JsonDocument.Parse(said).RootElement.GetProperty("peakBytes").GetInt64()
            : throw new InvalidOperationException($"The measured process failed with exit code {probe.ExitCode}.");
    }
}
