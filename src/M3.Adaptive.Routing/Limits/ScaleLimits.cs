using System.Threading.RateLimiting;
using M3.Adaptive.Core;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Limits;

/// <summary>
/// Counts visual tokens by key before each scale runs, those of every item of a stream or batch as well. Callers without a key share one allowance. Holds for
/// this process; budgets hold for all. A limit that is changed counts from its change on. Safe for concurrent use.
/// </summary>
internal sealed class ScaleLimits : IDisposable
{
    private readonly IOptionsMonitor<ScaleLimitOptions> _options;
    private readonly PartitionedRateLimiter<(Caller Caller, int Limit)> _limiter = PartitionedRateLimiter.Create<(Caller Caller, int Limit), (string, int)>(
        static of => RateLimitPartition.GetTokenBucketLimiter((of.Caller.KeyId ?? "", of.Limit), static partition => new TokenBucketRateLimiterOptions
        {
            TokenLimit = partition.Item2,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / partition.Item2),
            QueueLimit = 0,
        }));

    public ScaleLimits(IOptionsMonitor<ScaleLimitOptions> options) => _options = options;

    /// <summary>Takes what a scale needs; it is not given back, whatever becomes of the run.</summary>
    /// <exception cref="ScaleRateException">The key has been given as much as it may for now; nothing was taken.</exception>
    public void Take(Caller caller, VisualScale scale)
    {
        if (_options.CurrentValue.VisualTokensPerMinute is not { } limit) return;
        using var lease = _limiter.AttemptAcquire((caller, limit), scale.Tokens);
        if (!lease.IsAcquired) throw new ScaleRateException(scale, lease.TryGetMetadata(MetadataName.RetryAfter, out var delay) ? delay : TimeSpan.FromSeconds(1));
    }

    public void Dispose() => _limiter.Dispose();
}
