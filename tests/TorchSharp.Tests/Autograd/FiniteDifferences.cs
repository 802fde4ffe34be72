using static TorchSharp.torch;

namespace TorchSharp.Tests.Autograd;

/// <summary>Compares backward with central differences, in double.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-5;

    /// <summary>Checks d(weighted sum of f)/d(input) for every element of every input.</summary>
    public static void Check(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        var leaves = inputs.Select(input => input.detach().to(float64, true).requires_grad_()).ToArray();
        var weights = Weights(function(leaves));
        (function(leaves) * weights).sum().backward();

        for (var i = 0; i < leaves.Length; i++)
        {
            var analytic = Gradient(leaves[i]);
            for (var element = 0; element < analytic.Length; element++)
            {
                var numeric = (Shifted(i, element, Step) - Shifted(i, element, -Step)) / (2 * Step);
                Assert.True(
                    Math.Abs(numeric - analytic[element]) <= 1e-6 * Math.Max(1, Math.Abs(numeric)),
                    $"input {i}, element {element}: backward gives {analytic[element]}, differences give {numeric}");
            }
        }

        double Shifted(int input, int element, double step)
        {
            using var inner = NewDisposeScope();
            using var recording = no_grad();
            var moved = leaves.Select(leaf => leaf.detach().clone()).ToArray();
            moved[input].data<double>()[Position(moved[input].shape, element)] += step;
            return (function(moved) * weights).sum().ToDouble();
        }
    }

    /// <summary>Different for every element, so that no error cancels in the sum.</summary>
    public static Tensor Weights(Tensor like) => (arange(like.numel(), float64) * 0.37 + 0.5).sin().reshape(like.shape);

    private static double[] Gradient(Tensor leaf) => leaf.grad!.data<double>().ToArray(); // set by backward

    private static long[] Position(long[] shape, long element)
    {
        var position = new long[shape.Length];
        for (var i = shape.Length - 1; i >= 0; i--) (element, position[i]) = Math.DivRem(element, shape[i]);
        return position;
    }
}
