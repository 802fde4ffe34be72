using M3.Adaptive.Inference.Arithmetic;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Arithmetic;

public sealed class PrefillTableTests
{
    private static readonly PrefillTable Table = new(new Dictionary<int, IReadOnlyDictionary<Products, double>>
    {
        [1] = new Dictionary<Products, double> { [Products.Kernels] = 1, [Products.BFloat16] = 2, [Products.Float32] = 9 },
        [32] = new Dictionary<Products, double> { [Products.Kernels] = 3, [Products.BFloat16] = 2 },
        [512] = new Dictionary<Products, double> { [Products.Float32] = 1 },
    });

    [Theory]
    [InlineData(1, nameof(Products.Kernels))]
    [InlineData(5, nameof(Products.Kernels))]                                     // 5 / 1 is less than 32 / 5
    [InlineData(6, nameof(Products.BFloat16))]
    [InlineData(128, nameof(Products.BFloat16))]
    [InlineData(129, nameof(Products.Float32))]
    [InlineData(100_000, nameof(Products.Float32))]
    public void For_AnyRows_IsTheQuickestAtTheNearestCount(int rows, string expected) => Assert.Equal(expected, $"{Table.For(rows)}");

    [Theory]
    [InlineData(5, 5, nameof(Products.Kernels))]
    [InlineData(5, 500, nameof(Products.Kernels))]                                // another way than the whole's, in the same precision
    [InlineData(30, 500, nameof(Products.Float32))]                               // its own would be less precise
    [InlineData(5, 30, nameof(Products.BFloat16))]                                // so would the whole's, in which all parts agree
    public void For_APart_KeepsThePrecisionOfTheWhole(int rows, int whole, string expected) => Assert.Equal(expected, $"{Table.For(rows, whole)}");

    /// <summary>Of a way with a price for each pass, beside one without.</summary>
    [Theory]
    [InlineData(12.0, 128)]                                                       // 20, 44 and 140 for 32, 128 and 512
    [InlineData(0.1, 32)]
    public void LeastPart_OfTheLongOnesWay_TakesAtMostTwiceAsLongAPosition(double pass, int expected)
    {
        var table = new PrefillTable(new[] { 8, 32, 128, 512 }.ToDictionary(
            static rows => rows,
            rows => (IReadOnlyDictionary<Products, double>)new Dictionary<Products, double> { [Products.Kernels] = rows, [Products.BFloat16] = pass + (rows * 0.25) + (rows < 32 ? 9 : 0) }));

        Assert.Equal(expected, table.LeastPart);
    }

    [Fact]
    public void Always_AnyRows_SaysTheSame() => Assert.Equal(Products.BFloat16, PrefillTable.Always(Products.BFloat16).For(77));
}
