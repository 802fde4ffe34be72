namespace M3.Adaptive.Training.Evaluation.Router.Measures;

/// <summary>
/// A method at all settings of its dial. At a cost between two settings it is given the better of all mixtures (the hull of its settings), which
/// favours whatever is compared with: no setting had to be chosen beforehand.
/// </summary>
public sealed class Curve(IReadOnlyList<Measured> settings)
{
    public IReadOnlyList<Measured> Settings { get; } = settings;

    /// <summary>The hull of the settings in one world.</summary>
    public Hull In(int world, bool monotone = false) => new(Settings.Select(setting => setting.Point(world, monotone)));

    /// <summary>Accuracy at a mean number of visual tokens.</summary>
    public double At(double meanTokens, int world = 0, bool monotone = false) => In(world, monotone).At(meanTokens);
}
