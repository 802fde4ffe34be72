namespace M3.Adaptive.Training.DataGeneration.Axes;

/// <summary>One way in which pictures differ, whatever they show.</summary>
internal interface IAxis
{
    /// <summary>What varies.</summary>
    string Name { get; }

    /// <summary>What it may be, and how often it is: shares that add up to 1.</summary>
    IReadOnlyList<(string Value, double Share)> Shares { get; }
}

/// <summary>One way in which pictures differ, drawn anew for each thing that it concerns.</summary>
/// <param name="name">What varies.</param>
/// <param name="choices">What it may be, how often, and how it is drawn then.</param>
internal abstract class Axis<T>(string name, params (string Value, double Share, Func<SeededRandom, T> Draw)[] choices) : IAxis
{
    private readonly double[] _weights = [.. choices.Select(choice => choice.Share)];

    public string Name => name;

    public IReadOnlyList<(string Value, double Share)> Shares { get; } = [.. choices.Select(choice => (choice.Value, choice.Share))];

    public T Draw(SeededRandom random) => choices[random.PickWeighted(_weights)].Draw(random);
}
