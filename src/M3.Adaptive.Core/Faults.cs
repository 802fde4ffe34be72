namespace M3.Adaptive.Core;

/// <summary>The bytes are no picture that the product reads; the message names the fault and the remedy.</summary>
public sealed class InvalidImageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The prompt does not fit the model's context at this scale.</summary>
/// <param name="coarsest">Whether the model has no coarser scale, so that only a shorter question helps.</param>
public sealed class ContextLengthException(int needed, int available, bool coarsest = false)
    : Exception($"The prompt needs {needed} positions and the model has {available}: shorten the question{(coarsest ? "" : " or lower the scale")}.")
{
    public int Needed { get; } = needed;

    public int Available { get; } = available;
}

/// <summary>Too many calls wait for the model already; try again later.</summary>
public sealed class OverloadedException(int waiting) : Exception($"The model has {waiting} calls waiting already: try again later.")
{
    /// <summary>Calls that wait.</summary>
    public int Waiting { get; } = waiting;
}

/// <summary>The store of decisions, outcomes and budgets cannot be read or written now; the message names it, the fault and the remedy.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
