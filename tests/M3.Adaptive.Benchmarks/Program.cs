using System.Globalization;
using M3.Adaptive.Benchmarks.Engine;
using M3.Adaptive.Benchmarks.Model;
using M3.Adaptive.Benchmarks.Peers;
using M3.Adaptive.Benchmarks.Service;
using M3.Adaptive.Benchmarks.Precision;
using M3.Adaptive.Benchmarks.Store;

return args switch
{
    ["model", .. var rest] => ModelBenchmark.Run(rest),
    ["engine", .. var rest] => await EngineBenchmark.RunAsync(rest),
    ["memory", .. var rest] => await MemoryBenchmark.RunAsync(rest),
    ["store", .. var rest] => await StoreBenchmark.RunAsync(rest),
    ["service", .. var rest] => await ServiceBenchmark.RunAsync(rest),
    ["overhead-probe", var warmUp] => await OverheadProbe.RunAsync(int.Parse(warmUp, CultureInfo.InvariantCulture)),
    ["peers", .. var rest] => PeersBenchmark.Run(rest),
    ["precision", .. var rest] => PrecisionBenchmark.Run(rest),
    ["memory-probe", var folder, var picture] => await MemoryProbe.RunAsync(folder, picture),
    ["-h" or "--help"] => Show(Console.Out, exitCode: 0),
    _ => Show(Console.Error, exitCode: 2),
};

static int Show(TextWriter output, int exitCode)
{
    output.WriteLine(
        """
        Usage: ./m3 bench model [--json] [--smoke]    encoding, prefill and decoding, beside what the machine allows; --smoke: one round
               ./m3 bench model --shape 7b [--json]   the same at the shape of the published 7B checkpoint: 14 GB on disk, some minutes
               ./m3 bench peers [TYPE] [--json] [--smoke]   the decoder's arithmetic beside llama.cpp on the same weights; --smoke: one round
               ./m3 bench precision [--json] [--smoke]   answers and log-probabilities by each type of weights, beside the plain path's
               ./m3 bench store [--json]              what keeping decisions and budgets adds to a request on SQLite
               ./m3 bench service [--json] [--smoke]  what the service adds to a request, and automatic scales beside always the finest; --smoke: a tenth
               ./m3 bench engine [PART] [--json] [--smoke]   the engine under load, beside the plain path and padded batches; --smoke: two seconds of each load
               ./m3 bench memory [--json]             memory of loading a model of 100 million parameters and one answer
        """);
    return exitCode;
}
