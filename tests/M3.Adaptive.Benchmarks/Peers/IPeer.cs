namespace M3.Adaptive.Benchmarks.Peers;

/// <summary>One of the two that are compared, with a decoder of the same weights.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>Prefills one prompt of tokens in an empty sequence.</summary>
    /// <returns>Logits behind the last token, [V].</returns>
    float[] Prefill(int[] tokens);

    /// <summary>Makes ready for steps of sequences that hold so many tokens each.</summary>
    void Hold(int[] lengths);

    /// <summary>One token more for each of the sequences held.</summary>
    /// <returns>Logits of the first sequence, [V].</returns>
    float[] Step(int token);

    /// <summary>Gives the sequences back to where <see cref="Hold"/> left them.</summary>
    void Rewind();
}
