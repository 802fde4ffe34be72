using System.Runtime.CompilerServices;
using static TorchSharp.torch;

// Live counts, the default generator and the thread count belong to the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace TorchSharp.Tests;

/// <summary>What all tests of this process share.</summary>
internal static class Process
{
    /// <summary>libtorch's threads before the tests took one each: small operators only wait for more on a busy machine.</summary>
    public static int ThreadsAtStart { get; private set; }

#pragma warning disable CA2255 // a test assembly has no other place that runs first
    [ModuleInitializer]
    internal static void UseOneThread()
    {
        ThreadsAtStart = get_num_threads();
        set_num_threads(1);
    }
#pragma warning restore CA2255

    /// <summary>Tensors alive, without those that earlier tests left to the finalizer.</summary>
    public static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
