using System.Text.Json;
using M3.Adaptive.Core;
using M3.Adaptive.Inference;
using M3.Adaptive.Inference.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Benchmarks.Model;

/// <summary>
/// Loads a checkpoint and answers about one picture at the finest scale, then prints what the process took at most, as the
/// system counts it: <c>{"peakBytes": ..., "tokens": ...}</c>. Run as a process of its own, so that nothing else is counted.
/// </summary>
internal static class MemoryProbe
{
    public static async Task<int> RunAsync(string folder, string picture)
    {
        Console.Error.WriteLine($"start: {PeakBytes() / 1e6:F0} MB at most");
        using var generator = M3Generator.Open(
            new InferenceOptions { ModelDirectory = folder }, TimeProvider.System, NullLogger<M3Generator>.Instance);
        Console.Error.WriteLine($"loaded: {PeakBytes() / 1e6:F0} MB at most");
        using var image = await generator.EncodeAsync(await File.ReadAllBytesAsync(picture), CancellationToken.None);
        Console.Error.WriteLine($"loaded and encoded: {PeakBytes() / 1e6:F0} MB at most");
        var tokens = 0;
        var request = new GenerationRequest(image, "What is in the picture?", VisualScale.Finest, new DecodingOptions { MaxNewTokens = 8 });
        await foreach (var _ in generator.GenerateAsync(request, CancellationToken.None)) tokens++;

        Console.WriteLine(JsonSerializer.Serialize(new { peakBytes = PeakBytes(), tokens }));
        return 0;
    }

    /// <summary>VmHWM: the largest resident set so far.</summary>
    private static long PeakBytes()
    {
        var line = File.ReadLines("/proc/self/status").Single(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan("VmHWM:".Length, line.Length - "VmHWM:".Length - "kB".Length).Trim());
    }
}
