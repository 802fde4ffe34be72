using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Model.Network;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.Benchmarks.Model;

/// <summary>
/// What loading a float32 checkpoint of 100 million parameters and one answer at the finest scale take at most, in a process of
/// their own, beside what is allowed: 1.3 times the checkpoint and 200 MB.
/// </summary>
internal static class MemoryBenchmark
{
    private const double AllowedShare = 1.3, AllowedBytes = 200e6;
    private static readonly string Nano = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Except(["--json"]).Any())
        {
            Console.Error.WriteLine("Usage: bench memory [--json]");
            return args.Contains("--help") ? 0 : 2;
        }

        // Ctrl-C reaches the measured process, too, and ends it: what is left is to delete the folder.
        var interrupted = false;
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => interrupted = context.Cancel = true);
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
            var peak = interrupted ? null : await PeakOfProbeAsync(folder);
            if (interrupted) return 130;
            if (peak is null)
            {
                Console.Error.WriteLine("The measured process failed.");
                return 1;
            }

            using var rates = new MachineRates();
            rates.Measure();
            var figures = new SortedDictionary<string, double>(StringComparer.Ordinal)
            {
                ["checkpointMB"] = checkpoint / 1e6,
                ["peakMB"] = peak.Value / 1e6,
                ["peakOverAllowed"] = peak.Value / (AllowedShare * checkpoint + AllowedBytes),
            };
            new Report(figures, Machine.Measured(rates)).Write(args.Contains("--json"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Bytes; null if the process failed, and has said why.</summary>
    private static async Task<long?> PeakOfProbeAsync(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(MemoryBenchmark).Assembly.Location, "memory-probe", folder, Path.Combine(Nano, "samples", "receipt.png")])
        {
            RedirectStandardOutput = true,
        };
        using var probe = Process.Start(start)!;
        var said = await probe.StandardOutput.ReadToEndAsync();
        await probe.WaitForExitAsync();
        return probe.ExitCode == 0 ? JsonDocument.Parse(said).RootElement.GetProperty("peakBytes").GetInt64() : null;
    }
}
