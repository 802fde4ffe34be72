using M3.Adaptive.Core;
using static TorchSharp.torch;

namespace M3.Adaptive.Model.Network;

/// <summary>How coarse token sets are made from the finest one.</summary>
public enum Pooling
{
    /// <summary>Means of equal blocks: M3's way.</summary>
    Average,

    /// <summary>The first tokens in row-major order (the paper's Figure 5, for study).</summary>
    Sequential,

    /// <summary>One token out of every block, at offset (k/2, k/2) (the paper's Figure 5, for study).</summary>
    Spatial,
}

/// <summary>From the projected patch grid to one rung of the ladder (Cai et al. 2024, M3, section 3): always after the projector.</summary>
public static class TokenPooling
{
    /// <summary>The configuration's <c>matryoshka_vis_token_sample</c>.</summary>
    /// <exception cref="ArgumentException">The name is none of avg_pooling, sequential, spatial.</exception>
    public static Pooling Parse(string name) => name switch
    {
        "avg_pooling" => Pooling.Average,
        "sequential" => Pooling.Sequential,
        "spatial" => Pooling.Spatial,
        _ => throw new ArgumentException($"Unknown pooling '{name}': expected avg_pooling, sequential or spatial.", nameof(name)),
    };

    /// <param name="projected">The finest tokens, row-major, [B, N, C], N a square.</param>
    /// <param name="scale">The rung; its side divides the grid's.</param>
    /// <param name="pooling">How to pool.</param>
    /// <returns>[B, scale, C]</returns>
    public static Tensor Reduce(Tensor projected, VisualScale scale, Pooling pooling = Pooling.Average)
    {
        var N = projected.shape[1];
        if (N == scale.Tokens) return projected;
        var grid = (int)Math.Sqrt(N);
        if (grid * grid != N || grid % scale.Side != 0)
            throw new ArgumentException($"{N} tokens cannot be pooled to {scale.Tokens}: the grid's side must be a multiple of {scale.Side}.");

        return pooling switch
        {
            Pooling.Average => Average(projected, grid, scale.Side),
            Pooling.Sequential => projected.narrow(1, 0, scale.Tokens),
            _ => projected.index_select(1, tensor(SpatialRows(grid, scale.Side)).to(projected.device)),
        };
    }

    private static Tensor Average(Tensor projected, int grid, int side)           // [B, N, C]
    {
        var (B, C) = (projected.shape[0], projected.shape[2]);
        var k = grid / side;
        return projected.reshape(B, side, k, side, k, C).mean([2, 4]).reshape(B, side * side, C);
    }

    private static long[] SpatialRows(int grid, int side)
    {
        var k = grid / side;
        return [.. from row in Enumerable.Range(0, side)
                   from column in Enumerable.Range(0, side)
                   select (long)(k * row + k / 2) * grid + k * column + k / 2];
    }
}
