using System.Numerics;
using M3.Adaptive.Core;

namespace M3.Adaptive.Training.Replay;

/// <summary>The scales that run for one request, each finer than the one before; the last one's answer counts.</summary>
public readonly record struct ScalePath
{
    private readonly uint _rungs;                                             // a bit for each

    private ScalePath(uint rungs) => _rungs = rungs;

    /// <summary>Scales that run; 0 only in <c>default</c>.</summary>
    public int Count => BitOperations.PopCount(_rungs);

    public VisualScale First => VisualScale.All[BitOperations.TrailingZeroCount(_rungs)];

    public VisualScale Last => VisualScale.All[BitOperations.Log2(_rungs)];

    public static ScalePath Of(VisualScale only) => new(1u << only.Rung);

    /// <exception cref="ArgumentOutOfRangeException">The scale is not finer than the last.</exception>
    public ScalePath Then(VisualScale finer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(1u << finer.Rung, _rungs, nameof(finer));
        return new ScalePath(_rungs | (1u << finer.Rung));
    }

    public bool Holds(VisualScale scale) => (_rungs & (1u << scale.Rung)) != 0;

    public override string ToString()
    {
        var self = this;
        return string.Join(" > ", VisualScale.All.Where(scale => self.Holds(scale)));
    }
}
