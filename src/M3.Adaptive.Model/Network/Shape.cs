namespace M3.Adaptive.Model.Network;

/// <summary>Checks shapes at the edges of modules, so that a mistake names both shapes.</summary>
internal static class Shape
{
    /// <param name="actual">What came.</param>
    /// <param name="expected">What must come; -1 stands for any length.</param>
    /// <exception cref="ArgumentException">They differ; the message names both.</exception>
    public static void Expect(ReadOnlySpan<long> actual, ReadOnlySpan<long> expected)
    {
        var equal = actual.Length == expected.Length;
        for (var i = 0; equal && i < expected.Length; i++) equal = expected[i] == -1 || expected[i] == actual[i];
        if (!equal) throw new ArgumentException($"Shape [{string.Join(", ", actual.ToArray())}], expected [{string.Join(", ", expected.ToArray())}].");
    }
}
