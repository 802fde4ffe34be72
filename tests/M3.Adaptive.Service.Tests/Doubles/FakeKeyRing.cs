using M3.Adaptive.Core;

namespace M3.Adaptive.Service.Tests.Doubles;

/// <summary>Keys that a test makes; out of reach when told to be.</summary>
internal sealed class FakeKeyRing : IKeyRing
{
    private readonly Dictionary<string, KeyRecord> _keys = [];

    public bool IsOutOfReach { get; set; }

    public void Add(string key, string tenant, KeyRole role) => _keys[key] = new KeyRecord($"id-{_keys.Count}", tenant, role, DateTimeOffset.UnixEpoch, RevokedAt: null);

    public ValueTask<bool> AnyAsync(CancellationToken cancellation) => ValueTask.FromResult(Known.Count > 0);

    public ValueTask<KeyRecord?> FindAsync(string presented, CancellationToken cancellation) => ValueTask.FromResult(Known.GetValueOrDefault(presented));

    private Dictionary<string, KeyRecord> Known => IsOutOfReach ? throw new StoreUnavailableException("the database /var/lib/m3.db cannot be read") : _keys;
}
