using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Limits;

/// <summary>The key has been given as many visual tokens as it may for now.</summary>
/// <param name="scale">What was asked for.</param>
/// <param name="retryAfter">When so many will be there again.</param>
public sealed class ScaleRateException(VisualScale scale, TimeSpan retryAfter)
    : Exception($"This key has been given as many visual tokens as it may in a minute, and {scale.Tokens} more are needed: allow a coarser scale, or try again later.")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
