using System.Reflection;
using M3.Adaptive.Inference.Kernels;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Kernels;

public sealed class CompilationTests
{
    private const MethodImplAttributes AtOnce = MethodImplAttributes.AggressiveOptimization | MethodImplAttributes.AggressiveInlining;

    public static TheoryData<Type> Kernels => [typeof(DotKernel<,,>), typeof(MatrixKernel<,,>), typeof(AttentionKernel<,,>), typeof(RowKernel<,>), typeof(Packing<,,>)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kernel_BeforeItsFirstPass_IsCompiledForSpeed(Type kernel)
    {
        var methods = kernel.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(static method => !method.IsSpecialName);

        Assert.All(methods, static method => Assert.NotEqual(default, method.MethodImplementationFlags & AtOnce));
    }
}
