namespace M3.Adaptive.Core;

/// <summary>What a question leaves of the model's context.</summary>
/// <param name="Text">Positions that the prompt takes without its image.</param>
/// <param name="Context">Positions of the longest sequence, prompt and answer together.</param>
public sealed record ContextRoom(int Text, int Context)
{
    /// <summary>Room for every scale, where no prompt is run.</summary>
    public static ContextRoom Unlimited { get; } = new(0, int.MaxValue);

    /// <summary>Whether the prompt fits at a scale and leaves a position for the answer.</summary>
    public bool Fits(VisualScale scale) => Needed(scale) <= Context;

    /// <summary>Positions of the shortest answer's sequence at a scale.</summary>
    public int Needed(VisualScale scale) => Text + scale.Tokens + 1;
}
