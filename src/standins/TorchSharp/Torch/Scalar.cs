using TorchSharp.Native;

namespace TorchSharp;

/// <summary>A single number as operators take it: integer, real or bool. Owns nothing; Dispose is there as in the original.</summary>
public sealed class Scalar : IDisposable
{
    internal Scalar(ValueTag tag, long bits)
    {
        Tag = tag;
        Bits = bits;
    }

    internal ValueTag Tag { get; }

    /// <summary>The integer, or the bits of the double.</summary>
    internal long Bits { get; }

    public static implicit operator Scalar(byte value) => Integer(value);
    public static implicit operator Scalar(sbyte value) => Integer(value);
    public static implicit operator Scalar(short value) => Integer(value);
    public static implicit operator Scalar(int value) => Integer(value);
    public static implicit operator Scalar(long value) => Integer(value);
    public static implicit operator Scalar(float value) => Real(value);
    public static implicit operator Scalar(double value) => Real(value);
    public static implicit operator Scalar(bool value) => new(ValueTag.Bool, value ? 1 : 0);

    public void Dispose() { }

    private static Scalar Integer(long value) => new(ValueTag.Int, value);
    private static Scalar Real(double value) => new(ValueTag.Double, BitConverter.DoubleToInt64Bits(value));
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this bool value) => value;

    public static double ToDouble(this Scalar value) =>
        value.Tag == ValueTag.Double ? BitConverter.Int64BitsToDouble(value.Bits) : value.Bits;

    public static float ToSingle(this Scalar value) => (float)value.ToDouble();

    public static long ToInt64(this Scalar value) => value.Tag == ValueTag.Double ? (long)value.ToDouble() : value.Bits;

    public static int ToInt32(this Scalar value) => checked((int)value.ToInt64());

    public static bool ToBoolean(this Scalar value) => value.ToDouble() != 0;
}
