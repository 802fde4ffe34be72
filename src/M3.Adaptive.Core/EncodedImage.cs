namespace M3.Adaptive.Core;

/// <summary>SHA-256 of an image's bytes, lower-case hexadecimal: the key under which encoded features are cached.</summary>
public readonly record struct ImageHash(string Value)
{
    public static ImageHash Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));

    public override string ToString() => Value;
}

/// <summary>What the encoder tells the predictor about one image, without a second pass.</summary>
/// <param name="PoolingResiduals">
/// One per rung, coarsest first, 0 to 1: the share of the projected features' energy (variance about zero) that pooling to
/// that rung loses. 0 at the finest rung.
/// </param>
/// <param name="PooledEmbeddings">The projected features pooled to 3 x 3, row-major, each token of the language model's width: [9 * C].</param>
/// <param name="Width">C, the width of one projected embedding.</param>
public sealed record ImageEvidence(float[] PoolingResiduals, float[] PooledEmbeddings, int Width);

/// <summary>
/// One image's projected features (576 tokens), shared by all scales. Belongs to whoever asked for it, who disposes it;
/// the features live on while a cache or a running generation still uses them.
/// </summary>
public abstract class EncodedImage : IDisposable
{
    public abstract ImageHash Hash { get; }

    public abstract ImageEvidence Evidence { get; }

    /// <summary>Wall-clock time that encoding took for this request; zero when the features came from the cache.</summary>
    public abstract TimeSpan EncodeTime { get; }

    public abstract void Dispose();
}
