using M3.Adaptive.Store.Tests.Doubles;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.Store.Tests.Upkeep;

public sealed class HousekeepingTests : IAsyncLifetime
{
    private static readonly StoreOptions Defaults = new();

    private readonly TestStore _kept = new();

    public Task InitializeAsync() => _kept.Store.OpenForServiceAsync(default).Soon();

    public Task DisposeAsync() => _kept.DisposeAsync().AsTask();

    [Fact]
    public async Task Turn_DecisionsOlderThanTheRetentionTime_AreForgotten()
    {
        await _kept.Store.Decisions.AddAsync([Some.Decision(1), Some.Decision(3600)], default).Soon();

        _kept.Clock.Advance(Defaults.RetainFor + TimeSpan.FromMinutes(1));
        await _kept.Store.DisposeAsync().Soon();                              // ends with the turn that is running

        Assert.Equal([3600], await _kept.NumbersAsync());
    }

    [Fact]
    public async Task Turn_OfAnother_ForgetsAProcessThatDiedAndNoLivingOne()
    {
        await using var living = _kept.Make();
        await living.OpenForServiceAsync(default).Soon();
        Add(Guid.NewGuid(), "dead", ends: Some.Noon);

        _kept.Clock.Advance(Defaults.LeaseTime / 3);
        await living.DisposeAsync().Soon();
        await _kept.Store.DisposeAsync().Soon();

        await using var context = _kept.File.CreateContext();
        Assert.Empty(context.Leases);                                         // the dead one was cleared up, the living gave theirs back
    }

    private void Add(Guid id, string holder, DateTimeOffset ends)
    {
        using var context = _kept.File.CreateContext();
        context.Leases.Add(new() { Id = id, Holder = holder, EndsAt = Schema.Instant.Of(ends) });
        context.SaveChanges();
    }
}
