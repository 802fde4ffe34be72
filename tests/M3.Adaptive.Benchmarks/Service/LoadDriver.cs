using System.Diagnostics;
using System.Text.Json;

namespace M3.Adaptive.Benchmarks.Service;

/// <summary>Times below which half and 99 of a hundred requests lie, in milliseconds.</summary>
internal sealed record LatencyMs(double P50, double P99);

/// <summary>What <c>./m3 load</c> reported.</summary>
/// <param name="Requests">How many were sent.</param>
/// <param name="Answered">How many were answered.</param>
/// <param name="LatencyMs">From sending to the end of the answer.</param>
/// <param name="Throughput">Answers a second.</param>
/// <param name="ChargedFlops">Of all answers together.</param>
/// <param name="EncodeFlops">Of encoding pictures.</param>
/// <param name="Accuracy">Share of answers that were right.</param>
internal sealed record Load(int Requests, int Answered, LatencyMs LatencyMs, double Throughput, double ChargedFlops, double EncodeFlops, double MeanVisualTokens, double Accuracy)
{
    /// <summary>Floating-point operations of one answer, its picture's encoding among them.</summary>
    public double FlopsPerAnswer => (ChargedFlops + EncodeFlops) / Answered;
}

/// <summary>The product's own load driver, in a process of its own.</summary>
internal static class LoadDriver
{
    /// <param name="arguments">Of <c>./m3 load</c>.</param>
    /// <exception cref="InvalidOperationException">It failed, and has said why, or not everything was answered.</exception>
    public static async Task<Load> RunAsync(Uri server, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet", [ServiceProgram.Find("M3.Adaptive.Cli"), "load", "--server", server.GetLeftPart(UriPartial.Authority), "--json", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException("The load driver failed.");
        var load = JsonSerializer.Deserialize<Load>(said, JsonSerializerOptions.Web) ?? throw new InvalidDataException("null");
        return load.Answered == load.Requests ? load : throw new InvalidOperationException($"Only {load.Answered} of {load.Requests} requests were answered: {said}");
    }
}
