namespace M3.Adaptive.Routing.Decision;

/// <summary>Draws the random numbers of exploration from one seeded sequence for the process. Safe for concurrent use.</summary>
public sealed class ExplorationDice(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();

    public ExplorationDraw Draw()
    {
        lock (_lock) return new(_random.NextDouble(), _random.NextDouble());
    }
}
