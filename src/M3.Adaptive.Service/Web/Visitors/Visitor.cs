using M3.Adaptive.Core;
using M3.Adaptive.Service.Auth;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Web.Visitors;

/// <summary>Who looks at a page: the key that was shown lives as long as the page's circuit, in this process's memory alone.</summary>
internal sealed class Visitor(IKeyRing keys, IOptions<RateLimiterOptions> limits)
{
    private string? _key;

    /// <summary>Raised when another key is shown or it is put away.</summary>
    public event Action? Changed;

    /// <summary>Whether a key is shown.</summary>
    public bool HasKey => _key is not null;

    /// <summary>Who the visitor is now; null where the service asks for a key and the one shown is none, or is revoked.</summary>
    /// <exception cref="StoreUnavailableException">That cannot be told now.</exception>
    public async ValueTask<Caller?> CallerAsync(CancellationToken cancellation)
    {
        if (!await keys.AnyAsync(cancellation)) return Caller.Anonymous;
        return _key is { } shown && await keys.FindAsync(shown, cancellation) is { } key ? new Caller(key.Tenant, key.Role, key.Id) : null;
    }

    /// <returns>False when it opens nothing; the one before then still counts.</returns>
    /// <exception cref="StoreUnavailableException">That cannot be told now.</exception>
    public async Task<bool> ShowAsync(string key, CancellationToken cancellation)
    {
        if (await keys.FindAsync(key, cancellation) is null) return false;
        _key = key;
        Changed?.Invoke();
        return true;
    }

    public void PutAway()
    {
        _key = null;
        Changed?.Invoke();
    }

    /// <summary>Takes a request's place beside those that came with the same key by another way.</summary>
    /// <returns>To be given back when the request has ended; null when the key has as many as it may.</returns>
    public IDisposable? TryBegin(Caller caller)
    {
        var lease = limits.Value.GlobalLimiter?.AttemptAcquire(new DefaultHttpContext { User = caller.ToPrincipal() });
        if (lease is null or { IsAcquired: true }) return lease ?? NoLimit;
        lease.Dispose();
        return null;
    }

    private static readonly IDisposable NoLimit = new CancellationTokenSource();
}
