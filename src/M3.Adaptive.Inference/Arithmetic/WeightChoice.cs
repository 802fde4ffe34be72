namespace M3.Adaptive.Inference.Arithmetic;

/// <summary>How weights are kept and computed with.</summary>
public enum WeightChoice
{
    /// <summary>As the checkpoint stores them, a small model's in float32 where that is quicker; what is, is measured at the start.</summary>
    Auto,

    /// <summary>In float32, one sequence after the other: the reference that the others are checked against.</summary>
    Plain,

    /// <summary>In float32, batched.</summary>
    F32,

    /// <summary>In bfloat16, batched.</summary>
    BF16,

    /// <summary>The decoder's in 8-bit integers with one scale a row while it decodes, otherwise as in <see cref="BF16"/>.</summary>
    Int8,
}
