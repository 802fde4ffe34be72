namespace M3.Adaptive.Routing.Decision;

/// <summary>The chance in exploring decisions: one seeded sequence for the process. Safe for concurrent use.</summary>
public sealed class ExplorationDice(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();

    public ExplorationDraw Draw()
    {
        lock (_lock) return new(_random.NextDouble(), _random.NextDouble());
    }
}
