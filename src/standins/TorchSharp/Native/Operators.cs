using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>
/// Calls libtorch's operators by schema name, such as <c>add.Tensor</c> (name, dot, overload) of the aten namespace.
/// Arguments stand in schema order; those left out at the end take the schema's defaults.
/// </summary>
internal static class Operators
{
    private const int InlineArguments = 16;
    private static readonly ConcurrentDictionary<string, nint> Found = new();

    /// <summary>The operator's single tensor.</summary>
    public static Tensor Call(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result = default;
        Invoke(name, arguments, new Span<NativeValue>(ref result));
        return Own(result);
    }

    /// <summary>The operator's two tensors.</summary>
    public static (Tensor, Tensor) CallPair(string name, params ReadOnlySpan<Argument> arguments)
    {
        Span<NativeValue> results = stackalloc NativeValue[2];
        Invoke(name, arguments, results);
        return (Own(results[0]), Own(results[1]));
    }

    /// <summary>The operator's three tensors.</summary>
    public static (Tensor, Tensor, Tensor) CallTriple(string name, params ReadOnlySpan<Argument> arguments)
    {
        Span<NativeValue> results = stackalloc NativeValue[3];
        Invoke(name, arguments, results);
        return (Own(results[0]), Own(results[1]), Own(results[2]));
    }

    /// <summary>The tensors of an operator that gives a list of at most <paramref name="most"/>.</summary>
    public static Tensor[] CallList(string name, long most, params ReadOnlySpan<Argument> arguments)
    {
        var results = new NativeValue[most];
        var count = Invoke(name, arguments, results);
        var tensors = new Tensor[count];
        for (var i = 0; i < count; i++) tensors[i] = Own(results[i]);
        return tensors;
    }

    /// <summary>For operators that change a tensor in place: what they return is dropped.</summary>
    public static void CallInPlace(string name, params ReadOnlySpan<Argument> arguments) => Invoke(name, arguments, []);

    /// <summary>The operator's bool.</summary>
    public static bool CallBool(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result = default;
        Invoke(name, arguments, new Span<NativeValue>(ref result));
        return result.Integer != 0;
    }

    /// <summary>The operator's number.</summary>
    public static Scalar CallScalar(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result = default;
        Invoke(name, arguments, new Span<NativeValue>(ref result));
        return new Scalar(result.Tag, result.Integer);
    }

    private static Tensor Own(in NativeValue result) => new(new TensorHandle(result.Tag == ValueTag.Tensor ? result.Data : 0));

    private static unsafe int Invoke(string name, ReadOnlySpan<Argument> arguments, Span<NativeValue> results)
    {
        var op = Found.GetOrAdd(name, Find);
        using var frame = new CallFrame(stackalloc NativeValue[InlineArguments], arguments);
        fixed (NativeValue* given = frame.Values, received = results)
        {
            NativeMethods.Check(NativeMethods.m3t_operator_call(op, given, arguments.Length, received, results.Length, out var count));
            return count;
        }
    }

    private static nint Find(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (operation, overload) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        NativeMethods.Check(NativeMethods.m3t_operator_find("aten::" + operation, overload, out var op));
        return op;
    }

    /// <summary>The native form of a call's arguments; keeps every handle and array in place until disposed.</summary>
    private ref struct CallFrame : IDisposable
    {
        private List<GCHandle>? _pins;
        private List<SafeHandle>? _held;

        public CallFrame(Span<NativeValue> values, ReadOnlySpan<Argument> arguments)
        {
            Values = values;
            try
            {
                for (var i = 0; i < arguments.Length; i++) Values[i] = Convert(arguments[i]);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public Span<NativeValue> Values { get; }

        private NativeValue Convert(in Argument argument) => argument.Reference switch
        {
            null => new() { Tag = argument.Tag, Integer = argument.Integer },
            Tensor tensor => new() { Tag = ValueTag.Tensor, Data = Hold(tensor.SafeHandle) },
            Generator generator => new() { Tag = ValueTag.Generator, Data = Hold(generator.SafeHandle) },
            Device device => new() { Tag = ValueTag.Device, Count = device.index, Integer = (long)device.type },
            long[] values => new() { Tag = ValueTag.IntList, Count = values.Length, Data = Pin(values) },
            double[] values => new() { Tag = ValueTag.DoubleList, Count = values.Length, Data = Pin(values) },
            Tensor?[] tensors => new() { Tag = ValueTag.TensorList, Count = tensors.Length, Data = Pin(Handles(tensors)) },
            string text => Text(Encoding.UTF8.GetBytes(text)),
            var other => throw new ArgumentException($"{other.GetType()} is not an operator's argument"),
        };

        private NativeValue Text(byte[] utf8) => new() { Tag = ValueTag.String, Count = utf8.Length, Data = Pin(utf8) };

        private nint[] Handles(Tensor?[] tensors)
        {
            var handles = new nint[tensors.Length];
            for (var i = 0; i < tensors.Length; i++)
                handles[i] = tensors[i] is { } tensor ? Hold(tensor.SafeHandle) : 0;
            return handles;
        }

        private nint Hold(SafeHandle handle)
        {
            var added = false;
            handle.DangerousAddRef(ref added);
            (_held ??= []).Add(handle);
            return handle.DangerousGetHandle();
        }

        private nint Pin(Array values)
        {
            var pin = GCHandle.Alloc(values, GCHandleType.Pinned);
            (_pins ??= []).Add(pin);
            return pin.AddrOfPinnedObject();
        }

        public readonly void Dispose()
        {
            if (_pins is not null)
                foreach (var pin in _pins) pin.Free();
            if (_held is not null)
                foreach (var handle in _held) handle.DangerousRelease();
        }
    }
}
