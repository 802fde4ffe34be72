using M3.Adaptive.Benchmarks.Model;

return args switch
{
    ["model", .. var rest] => ModelBenchmark.Run(rest),
    ["memory", .. var rest] => await MemoryBenchmark.RunAsync(rest),
    ["memory-probe", var folder, var picture] => await MemoryProbe.RunAsync(folder, picture),
    _ => Misuse(),
};

static int Misuse()
{
    Console.Error.WriteLine("Usage: bench model [--json] [--smoke], or bench memory [--json]");
    return 2;
}
