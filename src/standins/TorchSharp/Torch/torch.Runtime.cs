using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Everything about this stand-in's libtorch that programs may ask.</summary>
    public static string __version__
    {
        get
        {
            NativeMethods.Check(NativeMethods.m3t_version(out var major, out var minor, out var patch));
            return $"{major}.{minor}.{patch}";
        }
    }

    /// <summary>Threads that one operator may use. Starts at the number of processors, or at OMP_NUM_THREADS when that is set.</summary>
    public static int get_num_threads()
    {
        NativeMethods.Check(NativeMethods.m3t_get_num_threads(out var threads));
        return threads;
    }

    public static void set_num_threads(int num) => NativeMethods.Check(NativeMethods.m3t_set_num_threads(num));

    public static ScalarType get_default_dtype() => ScalarType.Float32;

    /// <summary>Opens a scope on this thread that disposes every tensor made within it and not moved out.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.NewDisposeScope();

    /// <summary>Records no graph on this thread until disposed.</summary>
    public static IDisposable no_grad() => new AutoGradMode(false);

    /// <summary>Records (or not) on this thread until disposed.</summary>
    public static IDisposable enable_grad(bool enabled = true) => new AutoGradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new AutoGradMode(mode);

    public static bool is_grad_enabled() => AutoGradMode.IsEnabled();

    public static partial class cuda
    {
        public static bool is_available()
        {
            NativeMethods.Check(NativeMethods.m3t_cuda_available(out var available, out _));
            return available != 0;
        }

        public static int device_count()
        {
            NativeMethods.Check(NativeMethods.m3t_cuda_available(out _, out var devices));
            return devices;
        }
    }
}

/// <summary>Sets this thread's gradient recording and puts the former state back when disposed.</summary>
internal sealed class AutoGradMode : IDisposable
{
    private readonly bool _former = IsEnabled();

    public AutoGradMode(bool enabled) => Set(enabled);

    public void Dispose() => Set(_former);

    public static bool IsEnabled()
    {
        NativeMethods.Check(NativeMethods.m3t_grad_enabled(out var enabled));
        return enabled != 0;
    }

    private static void Set(bool enabled) => NativeMethods.Check(NativeMethods.m3t_set_grad_enabled(enabled ? 1 : 0));
}
