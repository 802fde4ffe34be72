using System.Text.Json.Serialization;

namespace M3.Adaptive.Predictor.Registry;

/// <summary>What a version had to keep to before it may serve.</summary>
/// <param name="Checks">At least one; a report without any is not passed.</param>
public sealed record GateReport(IReadOnlyList<GateCheck> Checks)
{
    /// <summary>Whether every check was passed.</summary>
    public bool Passed => Checks is not [] && Checks.All(static check => check.Passed);

    /// <summary>What failed, for people: name, figure and bound of each.</summary>
    [JsonIgnore]
    public string Failures => Checks is []
        ? "nothing was checked"
        : string.Join("; ", Checks.Where(static check => !check.Passed).Select(static check => FormattableString.Invariant($"{check.Name} is {check.Figure:G4}, bound {check.Bound:G4}")));
}

/// <summary>One figure and the bound that it was held against.</summary>
/// <param name="Name">What was measured, such as <c>accuracy at equal cost</c>.</param>
/// <param name="Figure">What came out, in the unit of the bound.</param>
/// <param name="Passed">Whether the figure keeps to the bound, from whichever side that is.</param>
public sealed record GateCheck(string Name, double Figure, double Bound, bool Passed);
