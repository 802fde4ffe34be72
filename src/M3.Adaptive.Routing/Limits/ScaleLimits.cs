using System.Threading.RateLimiting;
using M3.Adaptive.Core;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Limits;

/// <summary>
/// Counts visual tokens by key before each scale runs, those of every item of a stream or batch as well. Callers without a key share one allowance. Holds for
/// this process; budgets hold for all. Safe for concurrent use.
/// </summary>
internal sealed class ScaleLimits : IDisposable
{
    private readonly PartitionedRateLimiter<Caller>? _limiter;

    public ScaleLimits(IOptions<ScaleLimitOptions> options)
    {
        if (options.Value.VisualTokensPerMinute is not { } limit) return;
        _limiter = PartitionedRateLimiter.Create<Caller, string>(caller => RateLimitPartition.GetTokenBucketLimiter(caller.KeyId ?? "", _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = limit,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / limit),
            QueueLimit = 0,
        }));
    }

    /// <summary>Takes what a scale needs; it is not given back, whatever becomes of the run.</summary>
    /// <exception cref="ScaleRateException">The key has been given as much as it may for now; nothing was taken.</exception>
    public void Take(Caller caller, VisualScale scale)
    {
        if (_limiter is null) return;
        using var lease = _limiter.AttemptAcquire(caller, scale.Tokens);
        if (!lease.IsAcquired) throw new ScaleRateException(scale, lease.TryGetMetadata(MetadataName.RetryAfter, out var delay) ? delay : TimeSpan.FromSeconds(1));
    }

    public void Dispose() => _limiter?.Dispose();
}
