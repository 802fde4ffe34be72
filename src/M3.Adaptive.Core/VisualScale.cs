using System.Diagnostics;

namespace M3.Adaptive.Core;

/// <summary>How many visual tokens one image is given: a rung of the nested M3 ladder.</summary>
[DebuggerDisplay("{Tokens} visual tokens")]
public readonly record struct VisualScale : IComparable<VisualScale>
{
    private VisualScale(int tokens) => Tokens = tokens;

    /// <summary>The rungs in visual tokens, coarsest first.</summary>
    public static ReadOnlySpan<int> Ladder => [1, 9, 36, 144, 576];

    /// <summary>Every rung as a scale, coarsest first.</summary>
    public static IReadOnlyList<VisualScale> All { get; } = [new(1), new(9), new(36), new(144), new(576)];

    public static VisualScale Coarsest => All[0];

    public static VisualScale Finest => All[^1];

    /// <summary>Visual tokens; 0 only in <c>default</c>, which means: not chosen yet.</summary>
    public int Tokens { get; }

    /// <summary>Side of the square token grid: 1, 3, 6, 12 or 24.</summary>
    public int Side => (int)Math.Sqrt(Tokens);

    /// <summary>Position on the ladder: 0 for the coarsest, 4 for the finest.</summary>
    public int Rung => Ladder.IndexOf(Tokens);

    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tokens"/> is not 1, 9, 36, 144 or 576.</exception>
    public static VisualScale Of(int tokens) => TryOf(tokens, out var scale)
        ? scale
        : throw new ArgumentOutOfRangeException(nameof(tokens), tokens, "Not a rung of the M3 ladder: 1, 9, 36, 144 or 576 visual tokens.");

    public static bool TryOf(int tokens, out VisualScale scale)
    {
        scale = Ladder.Contains(tokens) ? new(tokens) : default;
        return scale != default;
    }

    public int CompareTo(VisualScale other) => Tokens.CompareTo(other.Tokens);

    public static bool operator <(VisualScale left, VisualScale right) => left.Tokens < right.Tokens;

    public static bool operator >(VisualScale left, VisualScale right) => left.Tokens > right.Tokens;

    public static bool operator <=(VisualScale left, VisualScale right) => left.Tokens <= right.Tokens;

    public static bool operator >=(VisualScale left, VisualScale right) => left.Tokens >= right.Tokens;

    public override string ToString() => Tokens.ToString();
}
