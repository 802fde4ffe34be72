using System.Text.Json;
using M3.Adaptive.Benchmarks.Model;

namespace M3.Adaptive.Benchmarks;

/// <summary>What a benchmark measured: <c>{figures: {name: number}, machine: {...}}</c> as JSON, or a table.</summary>
/// <param name="Figures">By name, camelCase.</param>
/// <param name="Machine">Where they hold.</param>
internal sealed record Report(SortedDictionary<string, double> Figures, Machine Machine)
{
    /// <summary>Writes to standard output.</summary>
    public void Write(bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(this, JsonSerializerOptions.Web));
            return;
        }

        Console.WriteLine($"{Machine.Cpu}, {Machine.Threads} threads, GEMM {Machine.GemmGflops:F0} GFLOP/s, bandwidth {Machine.BandwidthGBs:F1} GB/s");
        foreach (var (name, value) in Figures) Console.WriteLine($"{name,-32} {value,12:G4}");
    }
}

/// <param name="Cpu">As the system names it.</param>
/// <param name="Threads">Of one tensor operation.</param>
/// <param name="GemmGflops">Best square f32 matrix product of the same library and threads in the same run.</param>
/// <param name="BandwidthGBs">Best read of memory out of the cache, likewise.</param>
/// <param name="NativeBf16">Whether a square product in bfloat16 is at least half as fast again as in float32: measured, as flags mislead.</param>
internal sealed record Machine(string Cpu, int Threads, double GemmGflops, double BandwidthGBs, bool NativeBf16)
{
    /// <summary>This one, at its best so far.</summary>
    public static Machine Measured(MachineRates rates) =>
        new(CpuName, Environment.ProcessorCount, rates.GemmGflops, rates.BandwidthGBs, rates.Bf16Gflops > 1.5 * rates.GemmGflops);

    public static string CpuName { get; } = File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown"
        : "unknown";
}
