using System.Runtime.InteropServices;
using TorchSharp;

namespace M3.Adaptive.Model.Backend;

/// <summary>The native library behind every tensor.</summary>
public static class Libtorch
{
    private static readonly Lazy<DllNotFoundException?> Fault = new(Load);

    /// <summary>
    /// Loads libtorch, or says why it cannot be loaded. TorchSharp itself would copy half a gigabyte and then report a missing package,
    /// whatever the cause; so this is called before the first tensor.
    /// </summary>
    /// <exception cref="LibtorchException">The library or one that it needs is missing or too old; the message is one line with the remedy.</exception>
    public static void Require()
    {
        if (Fault.Value is { } fault) throw new LibtorchException(fault);
    }

    private static DllNotFoundException? Load()
    {
        try
        {
            NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, null);        // LibTorchSharp needs it, and finds it only once it is loaded
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            return null;
        }
        catch (DllNotFoundException fault)
        {
            return fault;
        }
    }
}
