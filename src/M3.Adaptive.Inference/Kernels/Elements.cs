using System.Runtime.CompilerServices;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>How the numbers of a weight or of a cache lie in memory. Numbers are computed with in float32 whatever their type.</summary>
internal unsafe interface IElement
{
    /// <summary>Bytes of one number.</summary>
    static abstract int Size { get; }

    /// <summary>Whether <see cref="Pair"/> gives the even numbers and the odd ones rather than the first half and the second.</summary>
    static abstract bool ByParity { get; }

    static abstract float Read(byte* source);

    /// <summary>Two vectors out of 2 x Count numbers that follow each other.</summary>
    static abstract void Pair<L, V>(byte* source, out V first, out V second) where L : ILanes<V> where V : struct;
}

/// <summary>Numbers that activations, keys and values are kept in.</summary>
internal unsafe interface IFloatElement : IElement
{
    static abstract void Write(float value, byte* target);

    /// <summary>Count numbers in their order.</summary>
    static abstract V Load<L, V>(byte* source) where L : ILanes<V> where V : struct;

    /// <summary>Count numbers in their order, rounded to the nearest.</summary>
    static abstract void Store<L, V>(V value, byte* target) where L : ILanes<V> where V : struct;
}

internal readonly unsafe struct Float32 : IFloatElement
{
    public static int Size => sizeof(float);

    public static bool ByParity => false;

    public static float Read(byte* source) => *(float*)source;

    public static void Write(float value, byte* target) => *(float*)target = value;

    public static V Load<L, V>(byte* source) where L : ILanes<V> where V : struct => L.Load((float*)source);

    public static void Store<L, V>(V value, byte* target) where L : ILanes<V> where V : struct => L.Store(value, (float*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pair<L, V>(byte* source, out V first, out V second) where L : ILanes<V> where V : struct =>
        (first, second) = (L.Load((float*)source), L.Load((float*)source + L.Count));
}

/// <summary>The upper half of a float32, so that widening is a shift.</summary>
internal readonly unsafe struct BFloat16 : IFloatElement
{
    public static int Size => sizeof(ushort);

    public static bool ByParity => true;

    public static float Read(byte* source) => BitConverter.UInt32BitsToSingle((uint)*(ushort*)source << 16);

    /// <summary>Rounds to the nearest, ties to even.</summary>
    public static void Write(float value, byte* target)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        *(ushort*)target = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    public static V Load<L, V>(byte* source) where L : ILanes<V> where V : struct => L.WidenBFloat16((ushort*)source);

    public static void Store<L, V>(V value, byte* target) where L : ILanes<V> where V : struct => L.NarrowBFloat16(value, (ushort*)target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pair<L, V>(byte* source, out V first, out V second) where L : ILanes<V> where V : struct =>
        L.LoadBFloat16((ushort*)source, out first, out second);
}

/// <summary>Whole numbers -127 to 127; what one unit is worth belongs to the row that they are in.</summary>
internal readonly unsafe struct Int8 : IElement
{
    public static int Size => sizeof(sbyte);

    public static bool ByParity => false;

    public static float Read(byte* source) => *(sbyte*)source;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pair<L, V>(byte* source, out V first, out V second) where L : ILanes<V> where V : struct =>
        (first, second) = (L.LoadInt8((sbyte*)source), L.LoadInt8((sbyte*)source + L.Count));
}
