using Xunit;

namespace M3.Adaptive.TestKit.Golden;

/// <summary>A fact that needs the golden folder; see <see cref="GoldenFolder"/> for what happens without it.</summary>
public sealed class GoldenFactAttribute : FactAttribute
{
    public GoldenFactAttribute() => Skip = GoldenFolder.SkipReason;
}

/// <summary>A theory whose cases are in the golden folder; see <see cref="GoldenFolder"/> for what happens without it.</summary>
public sealed class GoldenTheoryAttribute : TheoryAttribute
{
    public GoldenTheoryAttribute() => Skip = GoldenFolder.SkipReason;
}
