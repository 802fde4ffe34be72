namespace M3.Adaptive.Benchmarks.Peers;

/// <summary>Token ids that both sides are given.</summary>
internal static class Prompts
{
    /// <summary>The same ids for the same length, spread over a vocabulary of 8,192.</summary>
    public static int[] Of(int length) => [.. Enumerable.Range(0, length).Select(static at => 3 + (int)(at * 2654435761L % 8000))];
}
