using M3.Adaptive.Core;

namespace M3.Adaptive.Training.Replay;

/// <summary>One scale for every item.</summary>
public sealed class Always(VisualScale scale) : IRouter
{
    public ScalePath Route(int item) => ScalePath.Of(scale);
}
