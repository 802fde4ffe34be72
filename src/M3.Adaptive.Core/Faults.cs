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
/// <param name="retryAfter">Default 1 second.</param>
public sealed class OverloadedException(int waiting, TimeSpan? retryAfter = null) : Exception($"The model has {waiting} calls waiting already: try again later.")
{
    /// <summary>Calls that wait.</summary>
    public int Waiting { get; } = waiting;

    /// <summary>How long what was admitted is expected to take.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter ?? TimeSpan.FromSeconds(1);
}

/// <summary>The call needs more memory than the service may ever give to one; the message names both and the remedy.</summary>
public sealed class TooLargeException : Exception
{
    private TooLargeException(string message) : base(message)
    {
    }

    /// <param name="needed">Bytes of keys and values that the answer may need.</param>
    /// <param name="available">Bytes for all answers.</param>
    public static TooLargeException OfAnswer(long needed, long available) => new(
        $"The answer may need {MiB(needed)} MiB of keys and values and the service has {MiB(available)} MiB for all answers: lower max_new_tokens or the scale.");

    /// <param name="needed">Bytes of the picture's file.</param>
    /// <param name="available">Bytes for all pictures that wait.</param>
    public static TooLargeException OfPicture(long needed, long available) => new(
        $"The picture has {MiB(needed)} MiB and the service has {MiB(available)} MiB for all pictures that wait: send a smaller file.");

    private static string MiB(long bytes) => (bytes / 1048576.0).ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The store of decisions, outcomes and budgets cannot be read or written now; the message names it, the fault and the remedy.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
