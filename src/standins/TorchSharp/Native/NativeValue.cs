using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>What a <see cref="NativeValue"/> carries; the numbers are m3torch.h's <c>m3t_tag</c>.</summary>
internal enum ValueTag
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    IntList = 5,
    TensorList = 6,
    DoubleList = 7,
    String = 8,
    Device = 9,
    Generator = 10,
}

/// <summary>One argument or result of an operator as the shim sees it (<c>m3t_value</c>).</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct NativeValue
{
    [FieldOffset(0)] public ValueTag Tag;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public long Integer;
    [FieldOffset(8)] public double Real;
    [FieldOffset(8)] public nint Data;
}

/// <summary>What a tensor is, without its sizes (<c>m3t_info</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    public long Elements;
    public int Rank;
    public int ScalarType;
    public int DeviceType;
    public int DeviceIndex;
    public int ItemBytes;
    public byte RequiresGrad;
    public byte IsLeaf;
    public byte IsContiguous;
    public byte Reserved;
}
