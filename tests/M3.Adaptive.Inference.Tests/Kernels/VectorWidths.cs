using System.Runtime.Intrinsics;
using M3.Adaptive.Inference.Kernels;

namespace M3.Adaptive.Inference.Tests.Kernels;

/// <summary>A check of kernels that is the same for every width and every type of numbers.</summary>
internal interface IKernelCheck
{
    void Run<L, V, E>() where L : ILanes<V> where V : struct where E : IElement;
}

/// <summary>The widths that this processor has, with every type: those without AVX are checked by DOTNET_EnableAVX2=0 and its like.</summary>
internal static class VectorWidths
{
    public static IEnumerable<object[]> WithNumbers =>
        from width in Here from numbers in new[] { nameof(Float32), nameof(BFloat16), nameof(Int8) } select new object[] { width, numbers };

    public static IEnumerable<object[]> WithFloats =>
        from width in Here from numbers in new[] { nameof(Float32), nameof(BFloat16) } select new object[] { width, numbers };

    private static IEnumerable<int> Here => new[] { 128, 256, 512 }.Where(static width => width <= KernelSet.Width);

    public static void Run(this IKernelCheck check, int width, string numbers)
    {
        if (width == 512) Run<Lanes512, Vector512<float>>(check, numbers);
        else if (width == 256) Run<Lanes256, Vector256<float>>(check, numbers);
        else Run<Lanes128, Vector128<float>>(check, numbers);
    }

    private static void Run<L, V>(IKernelCheck check, string numbers) where L : ILanes<V> where V : struct
    {
        if (numbers == nameof(Float32)) check.Run<L, V, Float32>();
        else if (numbers == nameof(BFloat16)) check.Run<L, V, BFloat16>();
        else check.Run<L, V, Int8>();
    }
}
