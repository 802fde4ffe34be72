using System.Diagnostics;
using Google.Protobuf;
using M3.Adaptive.Benchmarks.Model;

namespace M3.Adaptive.Benchmarks.Grpc;

/// <summary>
/// The gRPC server beside plain Kestrel moving the same bytes. Both run in alternating rounds of one run; a figure is the
/// median of the rounds' ratios, so that a machine that slows down meanwhile slows both.
/// </summary>
internal static class GrpcBenchmark
{
    /// <summary>Many and short: on two cores of a shared machine the ratio of one round spreads by a quarter, the median of so many by 3 %.</summary>
    private const int Rounds = 101;

    /// <summary>
    /// Kestrel comes compiled; what is measured beside it is compiled at first use, without optimisation, and again when it has
    /// proved hot. On two cores that takes 5 seconds, within which the calls per second rise to the fourfold.
    /// </summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    private sealed record Load(string Name, string Path, string PlainPath, int PayloadBytes, int Calls, int Concurrency, int MessagesPerCall);

    private static readonly Load[] Loads =
    [
        new("unary", BenchServer.UnaryPath, BenchServer.PlainUnaryPath, 100, 10_000, 50, 1),
        new("largeUnary", BenchServer.UnaryPath, BenchServer.PlainUnaryPath, 100_000, 400, 8, 1),
        new("stream", BenchServer.StreamPath, BenchServer.PlainStreamPath, 100, 100, 4, BenchServer.StreamLength),
    ];

    /// <summary>Runs the benchmark; <c>--smoke</c> makes it short and its figures worthless.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Except(["--json", "--smoke"]).Any())
        {
            Console.Error.WriteLine("Usage: bench grpc [--json] [--smoke]");
            return 2;
        }

        var smoke = args.Contains("--smoke");
        await using var server = await BenchServer.StartAsync();
        var port = new Uri(server.Urls.Single()).Port;
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var load in Loads) await MeasureAsync(port, smoke ? load with { Calls = Math.Max(1, load.Calls / 100) } : load, smoke ? 1 : Rounds, figures);
        await server.StopAsync();
        using var rates = new MachineRates();
        rates.Measure();
        new Report(figures, new Machine(Machine.CpuName, Environment.ProcessorCount, rates.GemmGflops, rates.BandwidthGBs)).Write(args.Contains("--json"));
        return 0;
    }

    private static async Task MeasureAsync(int port, Load load, int rounds, SortedDictionary<string, double> figures)
    {
        var message = new Message { Payload = ByteString.CopyFrom(new byte[load.PayloadBytes]) }.ToByteArray();
        byte[] frame = [0, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];
        using var grpc = new Http2Driver(port, load.Path, frame);
        using var plain = new Http2Driver(port, load.PlainPath, frame);
        var warming = Stopwatch.GetTimestamp();
        do
        {
            await RoundAsync(grpc, load);
            await RoundAsync(plain, load);
        }
        while (rounds > 1 && Stopwatch.GetElapsedTime(warming) < WarmUp);

        var (ours, theirs) = (new List<Measured>(), new List<Measured>());
        for (var round = 0; round < rounds; round++)
        {
            // Each goes first every other time.
            if (round % 2 == 0) ours.Add(await RoundAsync(grpc, load));
            theirs.Add(await RoundAsync(plain, load));
            if (round % 2 == 1) ours.Add(await RoundAsync(grpc, load));
        }

        figures[$"{load.Name}OverKestrel"] = Median(ours.Zip(theirs, (our, their) => our.CallsPerSecond / their.CallsPerSecond));
        figures[$"{load.Name}CallsPerSecond"] = Median(ours.Select(round => round.CallsPerSecond));
        figures[$"{load.Name}AllocatedBytesPerMessage"] = Median(ours.Select(round => round.AllocatedBytes / load.MessagesPerCall));
        figures[$"{load.Name}KestrelAllocatedBytesPerMessage"] = Median(theirs.Select(round => round.AllocatedBytes / load.MessagesPerCall));
        Console.Error.WriteLine($"{load.Name}: {figures[$"{load.Name}OverKestrel"]:F3} of plain Kestrel's rate");
    }

    private static async Task<Measured> RoundAsync(Http2Driver driver, Load load)
    {
        var allocated = GC.GetTotalAllocatedBytes();
        var start = Stopwatch.GetTimestamp();
        await driver.RunAsync(load.Calls, load.Concurrency);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Measured(load.Calls / seconds, (GC.GetTotalAllocatedBytes() - allocated) / (double)load.Calls);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private sealed record Measured(double CallsPerSecond, double AllocatedBytes);
}
