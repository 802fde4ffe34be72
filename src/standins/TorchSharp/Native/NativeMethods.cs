using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp.Native;

/// <summary>The shim's C ABI; m3torch.h states each function's contract.</summary>
internal static partial class NativeMethods
{
    private const string Library = "m3torch";

    [LibraryImport(Library)]
    internal static partial long m3t_last_error(Span<byte> message, long capacity);

    [LibraryImport(Library)]
    internal static partial int m3t_version(out int major, out int minor, out int patch);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int m3t_operator_find(string name, string overload, out nint op);

    [LibraryImport(Library)]
    internal static unsafe partial int m3t_operator_call(
        nint op, NativeValue* arguments, int argumentCount, NativeValue* results, int capacity, out int resultCount);

    [LibraryImport(Library)]
    internal static unsafe partial int m3t_tensor_from_bytes(
        void* bytes, long byteCount, ReadOnlySpan<long> sizes, int rank, int dtype, out TensorHandle tensor);

    [LibraryImport(Library)]
    internal static partial int m3t_tensor_free(nint tensor);

    [LibraryImport(Library)]
    internal static partial long m3t_tensor_live();

    [LibraryImport(Library)]
    internal static partial int m3t_tensor_alias(TensorHandle tensor, out TensorHandle alias);

    [LibraryImport(Library)]
    internal static partial int m3t_tensor_info(TensorHandle tensor, out TensorInfo info);

    [LibraryImport(Library)]
    internal static partial int m3t_tensor_sizes(TensorHandle tensor, Span<long> sizes, int rank);

    [LibraryImport(Library)]
    internal static partial int m3t_tensor_strides(TensorHandle tensor, Span<long> strides, int rank);

    [LibraryImport(Library)]
    internal static partial int m3t_tensor_data(TensorHandle tensor, out nint data);

    [LibraryImport(Library)]
    internal static partial int m3t_tensor_set_requires_grad(TensorHandle tensor, int value);

    [LibraryImport(Library)]
    internal static partial int m3t_tensor_retain_grad(TensorHandle tensor);

    [LibraryImport(Library)]
    internal static partial int m3t_tensor_grad(TensorHandle tensor, out TensorHandle gradient);

    [LibraryImport(Library)]
    internal static partial int m3t_tensor_set_grad(TensorHandle tensor, nint gradient);

    [LibraryImport(Library)]
    internal static partial int m3t_tensor_set_data(TensorHandle tensor, TensorHandle data);

    [LibraryImport(Library)]
    internal static partial int m3t_tensor_backward(
        TensorHandle tensor, nint gradient, int retainGraph, int createGraph, ReadOnlySpan<nint> inputs, int inputCount);

    [LibraryImport(Library)]
    internal static partial int m3t_grad_enabled(out int enabled);

    [LibraryImport(Library)]
    internal static partial int m3t_set_grad_enabled(int enabled);

    [LibraryImport(Library)]
    internal static partial int m3t_get_num_threads(out int threads);

    [LibraryImport(Library)]
    internal static partial int m3t_set_num_threads(int threads);

    [LibraryImport(Library)]
    internal static partial int m3t_manual_seed(long seed, out GeneratorHandle generator);

    [LibraryImport(Library)]
    internal static partial int m3t_generator_new(long seed, out GeneratorHandle generator);

    [LibraryImport(Library)]
    internal static partial int m3t_generator_default(out GeneratorHandle generator);

    [LibraryImport(Library)]
    internal static partial int m3t_generator_seed(GeneratorHandle generator, long seed);

    [LibraryImport(Library)]
    internal static partial int m3t_generator_initial_seed(GeneratorHandle generator, out long seed);

    [LibraryImport(Library)]
    internal static partial int m3t_generator_get_state(GeneratorHandle generator, out TensorHandle state);

    [LibraryImport(Library)]
    internal static partial int m3t_generator_set_state(GeneratorHandle generator, TensorHandle state);

    [LibraryImport(Library)]
    internal static partial int m3t_generator_free(nint generator);

    [LibraryImport(Library)]
    internal static partial int m3t_cuda_available(out int available, out int devices);

    /// <summary>libtorch starts with one thread on some builds: use what the machine has, unless OMP_NUM_THREADS says otherwise.</summary>
    static NativeMethods()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OMP_NUM_THREADS")))
            Check(m3t_set_num_threads(Environment.ProcessorCount));
    }

    /// <exception cref="ExternalException">The status is a failure; the message is libtorch's own.</exception>
    internal static void Check(int status)
    {
#pragma warning disable CA2201 // the original's own exception type
        if (status != 0) throw new ExternalException(LastError());
#pragma warning restore CA2201
    }

    private static string LastError()
    {
        Span<byte> buffer = stackalloc byte[1024];
        var length = m3t_last_error(buffer, buffer.Length);
        if (length <= buffer.Length) return Encoding.UTF8.GetString(buffer[..(int)length]);
        var whole = new byte[length];
        return Encoding.UTF8.GetString(whole.AsSpan(0, (int)m3t_last_error(whole, whole.Length)));
    }
}
