using System.Threading.RateLimiting;
using Grpc.Core;
using M3.Adaptive.Service.Auth;
using M3.Adaptive.Service.Refusals;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Limits;

/// <summary>
/// Counts requests by key and refuses, at once, those beyond the limits: they are for fairness between keys, not for smoothing. Methods that are open to all are
/// not counted, so that health answers. A limit that is changed counts anew from its change on.
/// </summary>
internal static class RequestLimits
{
    public static void AddRequestLimits(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<LimitOptions, LimitOptionsValidator>().BindConfiguration(LimitOptions.Section);
        services.AddRateLimiter(static _ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptionsMonitor<LimitOptions>>(static (limiter, limits) =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(Rate(() => limits.CurrentValue.RequestsPerSecond), Concurrency(() => limits.CurrentValue.ConcurrentRequests));
            limiter.OnRejected = static (rejected, _) => new ValueTask(RefuseAsync(rejected));
        });
    }

    // A bucket that is full at first and gets one place back every so often: a second's worth may come at once.
    private static PartitionedRateLimiter<HttpContext> Rate(Func<int?> requestsPerSecond) => ByKey(requestsPerSecond, static partition =>
        RateLimitPartition.GetTokenBucketLimiter(partition, static partition => new TokenBucketRateLimiterOptions
        {
            TokenLimit = partition.Limit,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / partition.Limit),
            QueueLimit = 0,
        }));

    private static PartitionedRateLimiter<HttpContext> Concurrency(Func<int?> requests) => ByKey(requests, static partition =>
        RateLimitPartition.GetConcurrencyLimiter(partition, static partition => new ConcurrencyLimiterOptions { PermitLimit = partition.Limit, QueueLimit = 0 }));

    private static PartitionedRateLimiter<HttpContext> ByKey(Func<int?> limit, Func<(string Key, int Limit), RateLimitPartition<(string, int)>> partition) =>
        PartitionedRateLimiter.Create<HttpContext, (string, int)>(context =>
            limit() is { } most && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null
                ? partition((context.User.ToCaller().KeyId ?? "", most))
                : RateLimitPartition.GetNoLimiter(("", 0)));

    private static Task RefuseAsync(OnRejectedContext rejected)
    {
        var isRate = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var delay);
        return new Refusal(
            StatusCode.ResourceExhausted,
            isRate ? "REQUEST_RATE" : "CONCURRENT_REQUESTS",
            isRate ? "This key has begun as many requests as it may in a second: try again later." : "This key has as many requests running as it may: try again when one has ended.")
            .RetryAfter(isRate ? delay : Refusal.RetryDelay)
            .WriteToAsync(rejected.HttpContext);
    }
}
