using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Which arithmetic trains fastest here, over float32 weights either way.</summary>
internal static class ProcessorArithmetic
{
    /// <summary>
    /// bfloat16 where the device has instructions for it; elsewhere float32: a processor without them emulates bfloat16,
    /// many times slower than float32.
    /// </summary>
    public static ScalarType Fastest(Device device) =>
        device.type != TorchSharp.DeviceType.CPU || HasBFloat16() ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>avx512_bf16: CPUID leaf 7, subleaf 1, bit 5 of EAX.</summary>
    private static bool HasBFloat16() => X86Base.IsSupported
        && X86Base.CpuId(7, 0).Eax >= 1
        && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;
}
