using M3.Adaptive.Benchmarks.Grpc;
using M3.Adaptive.Benchmarks.Model;

return args switch
{
    ["model", .. var rest] => ModelBenchmark.Run(rest),
    ["grpc", .. var rest] => await GrpcBenchmark.RunAsync(rest),
    ["memory", var folder, var picture] => await MemoryProbe.RunAsync(folder, picture),
    _ => Misuse(),
};

static int Misuse()
{
    Console.Error.WriteLine("Usage: bench NAME [--json] [--smoke], NAME one of: model, grpc\n       memory FOLDER PICTURE   (what loading and one answer take, in a process of its own)");
    return 2;
}
