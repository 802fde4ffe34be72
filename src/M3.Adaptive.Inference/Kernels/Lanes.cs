using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace M3.Adaptive.Inference.Kernels;

/// <summary>
/// The few vector operations that kernels are written in, so that each kernel is written once. The compiler makes one version for each of the
/// three widths; which one runs is decided at run time by what the processor offers (<see cref="KernelSet"/>).
/// </summary>
/// <typeparam name="V">A vector of floats.</typeparam>
internal unsafe interface ILanes<V> where V : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Count { get; }

    static abstract V Broadcast(float value);

    static abstract V Load(float* source);

    static abstract void Store(V value, float* target);

    static abstract V Add(V left, V right);

    static abstract V Multiply(V left, V right);

    static abstract V Divide(V left, V right);

    /// <summary>left * right + added, rounded once where the processor can.</summary>
    static abstract V MultiplyAdd(V left, V right, V added);

    static abstract V Exp(V value);

    /// <summary>The sum of the vector's quarters or halves: four partial sums.</summary>
    static abstract Vector128<float> Fold(V value);

    /// <summary>Of 2 x <see cref="Count"/> numbers each even one and each odd one.</summary>
    static abstract void Split(V first, V second, out V even, out V odd);

    /// <summary>Four numbers and zeros behind them.</summary>
    static abstract V Extend(Vector128<float> value);

    /// <summary>2 x <see cref="Count"/> bfloat16: each even one and each odd one, as bits of float32 without their lower half.</summary>
    static abstract void LoadBFloat16(ushort* source, out V even, out V odd);

    /// <summary><see cref="Count"/> bfloat16 in their order.</summary>
    static abstract V WidenBFloat16(ushort* source);

    /// <summary>Rounds to the nearest bfloat16, ties to even.</summary>
    static abstract void NarrowBFloat16(V value, ushort* target);

    /// <summary><see cref="Count"/> 8-bit integers.</summary>
    static abstract V LoadInt8(sbyte* source);
}

internal readonly unsafe struct Lanes512 : ILanes<Vector512<float>>
{
    public static int Count => 16;

    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    public static void Store(Vector512<float> value, float* target) => value.Store(target);

    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    public static Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => left / right;

    public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> added) =>
        Vector512.MultiplyAddEstimate(left, right, added);

    public static Vector512<float> Exp(Vector512<float> value) => Vector512.Exp(value);

    public static Vector128<float> Fold(Vector512<float> value) => Lanes256.Fold(value.GetLower() + value.GetUpper());

    public static void Split(Vector512<float> first, Vector512<float> second, out Vector512<float> even, out Vector512<float> odd)
    {
        var indices = Vector512<int>.Indices << 1;
        even = Avx512F.PermuteVar16x32x2(first, indices, second);
        odd = Avx512F.PermuteVar16x32x2(first, indices + Vector512<int>.One, second);
    }

    public static Vector512<float> Extend(Vector128<float> value) => value.ToVector256().ToVector512();

    public static void LoadBFloat16(ushort* source, out Vector512<float> even, out Vector512<float> odd)
    {
        var pairs = Vector512.Load((uint*)source);
        even = (pairs << 16).AsSingle();
        odd = (pairs & Vector512.Create(0xFFFF0000)).AsSingle();
    }

    public static Vector512<float> WidenBFloat16(ushort* source) => (Avx512F.ConvertToVector512UInt32(Vector256.Load(source)) << 16).AsSingle();

    public static void NarrowBFloat16(Vector512<float> value, ushort* target)
    {
        var bits = value.AsUInt32();
        var rounded = bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512.Create(1u));
        Avx512F.ConvertToVector256UInt16(rounded >> 16).Store(target);
    }

    public static Vector512<float> LoadInt8(sbyte* source) => Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(source)));
}

internal readonly unsafe struct Lanes256 : ILanes<Vector256<float>>
{
    public static int Count => 8;

    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    public static void Store(Vector256<float> value, float* target) => value.Store(target);

    public static Vector256<float> Add(Vector256<float> left, Vector256<float> right) => left + right;

    public static Vector256<float> Multiply(Vector256<float> left, Vector256<float> right) => left * right;

    public static Vector256<float> Divide(Vector256<float> left, Vector256<float> right) => left / right;

    public static Vector256<float> MultiplyAdd(Vector256<float> left, Vector256<float> right, Vector256<float> added) =>
        Vector256.MultiplyAddEstimate(left, right, added);

    public static Vector256<float> Exp(Vector256<float> value) => Vector256.Exp(value);

    public static Vector128<float> Fold(Vector256<float> value) => value.GetLower() + value.GetUpper();

    public static void Split(Vector256<float> first, Vector256<float> second, out Vector256<float> even, out Vector256<float> odd)
    {
        even = Joined(Avx.Shuffle(first, second, 0b10_00_10_00));
        odd = Joined(Avx.Shuffle(first, second, 0b11_01_11_01));

        // The halves of a shuffle hold two numbers of each vector.
        static Vector256<float> Joined(Vector256<float> halves) => Avx2.Permute4x64(halves.AsDouble(), 0b11_01_10_00).AsSingle();
    }

    public static Vector256<float> Extend(Vector128<float> value) => value.ToVector256();

    public static void LoadBFloat16(ushort* source, out Vector256<float> even, out Vector256<float> odd)
    {
        var pairs = Vector256.Load((uint*)source);
        even = (pairs << 16).AsSingle();
        odd = (pairs & Vector256.Create(0xFFFF0000)).AsSingle();
    }

    public static Vector256<float> WidenBFloat16(ushort* source) => (Avx2.ConvertToVector256Int32(Vector128.Load(source)) << 16).AsSingle();

    public static void NarrowBFloat16(Vector256<float> value, ushort* target)
    {
        var bits = value.AsUInt32();
        var rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256.Create(1u))) >> 16;
        Vector128.Narrow(rounded.GetLower(), rounded.GetUpper()).Store(target);
    }

    public static Vector256<float> LoadInt8(sbyte* source) =>
        Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(*(long*)source).AsSByte()));
}

internal readonly unsafe struct Lanes128 : ILanes<Vector128<float>>
{
    public static int Count => 4;

    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    public static void Store(Vector128<float> value, float* target) => value.Store(target);

    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => left + right;

    public static Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => left * right;

    public static Vector128<float> Divide(Vector128<float> left, Vector128<float> right) => left / right;

    public static Vector128<float> MultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> added) =>
        Vector128.MultiplyAddEstimate(left, right, added);

    public static Vector128<float> Exp(Vector128<float> value) => Vector128.Exp(value);

    public static Vector128<float> Fold(Vector128<float> value) => value;

    public static void Split(Vector128<float> first, Vector128<float> second, out Vector128<float> even, out Vector128<float> odd)
    {
        even = Vector128.Create(first[0], first[2], second[0], second[2]);
        odd = Vector128.Create(first[1], first[3], second[1], second[3]);
    }

    public static Vector128<float> Extend(Vector128<float> value) => value;

    public static void LoadBFloat16(ushort* source, out Vector128<float> even, out Vector128<float> odd)
    {
        var pairs = Vector128.Load((uint*)source);
        even = (pairs << 16).AsSingle();
        odd = (pairs & Vector128.Create(0xFFFF0000)).AsSingle();
    }

    public static Vector128<float> WidenBFloat16(ushort* source) =>
        (Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)source).AsUInt16()) << 16).AsSingle();

    public static void NarrowBFloat16(Vector128<float> value, ushort* target)
    {
        var bits = value.AsUInt32();
        var rounded = (bits + Vector128.Create(0x7FFFu) + ((bits >> 16) & Vector128.Create(1u))) >> 16;
        Vector128.Narrow(rounded, rounded).GetLower().Store(target);
    }

    public static Vector128<float> LoadInt8(sbyte* source) => Vector128.ConvertToSingle(
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(int*)source).AsSByte())));
}
