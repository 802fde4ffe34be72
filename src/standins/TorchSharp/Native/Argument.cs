using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>An argument of an operator: anything that a libtorch schema takes, by implicit conversion.</summary>
internal readonly struct Argument
{
    private Argument(ValueTag tag, object? reference = null, long integer = 0)
    {
        Tag = tag;
        Reference = reference;
        Integer = integer;
    }

    public ValueTag Tag { get; }
    public object? Reference { get; }
    public long Integer { get; }

    public static Argument None => default;

    public static implicit operator Argument(Tensor? tensor) => tensor is null ? None : new(ValueTag.Tensor, tensor);
    public static implicit operator Argument(long value) => new(ValueTag.Int, null, value);
    public static implicit operator Argument(long? value) => value is { } number ? number : None;
    public static implicit operator Argument(double value) => new(ValueTag.Double, null, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Argument(double? value) => value is { } number ? number : None;
    public static implicit operator Argument(bool value) => new(ValueTag.Bool, null, value ? 1 : 0);
    public static implicit operator Argument(ScalarType type) => new(ValueTag.Int, null, (long)type);
    public static implicit operator Argument(ScalarType? type) => type is { } given ? given : None;
    public static implicit operator Argument(long[]? values) => values is null ? None : new(ValueTag.IntList, values);
    public static implicit operator Argument(ReadOnlySpan<long> values) => new(ValueTag.IntList, values.ToArray());
    public static implicit operator Argument(Tensor?[] tensors) => new(ValueTag.TensorList, tensors);
    public static implicit operator Argument(List<Tensor> tensors) => new(ValueTag.TensorList, tensors.ToArray());
    public static implicit operator Argument(string text) => new(ValueTag.String, text);
    public static implicit operator Argument(Device? device) => device is null ? None : new(ValueTag.Device, device);
    public static implicit operator Argument(Generator? generator) => generator is null ? None : new(ValueTag.Generator, generator);

    public static implicit operator Argument(Scalar? scalar) =>
        scalar is null ? None : new(scalar.Tag, null, scalar.Bits);
}
