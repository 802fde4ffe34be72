using M3.Adaptive.Core;
using M3.Adaptive.Store.Keys;
using M3.Adaptive.Store.Tests.Doubles;
using M3.Adaptive.TestKit.Databases;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.Store.Tests.Keys;

public sealed class SqliteKeyTests() : KeyStoreTests(null);

[Collection(PostgreSql.Name)]
public sealed class PostgreSqlKeyTests(PostgreSqlCluster cluster) : KeyStoreTests(cluster);

public abstract class KeyStoreTests(PostgreSqlCluster? cluster) : IAsyncLifetime
{
    private TestStore _kept = null!;                                          // set before each test

    private KeyStore Keys => _kept.Store.Keys;

    public async Task InitializeAsync()
    {
        _kept = await TestStore.OnAsync(cluster);
        await _kept.OpenAsync();
    }

    public Task DisposeAsync() => _kept.DisposeAsync().AsTask();

    [Fact]
    public async Task Find_KeyJustMade_IsItsRecord()
    {
        Assert.False(await Keys.AnyAsync(default).Soon());

        var (key, record) = await Keys.CreateAsync("acme", KeyRole.Admin, "me", default).Soon();

        Assert.True(await Keys.AnyAsync(default).Soon());
        Assert.Equal(record, await Keys.FindAsync(key, default).Soon());
        Assert.Equal(("acme", KeyRole.Admin, null), (record.Tenant, record.Role, record.RevokedAt));
    }

    [Fact]
    public async Task Find_AnyOtherText_IsNull()
    {
        var (key, record) = await Keys.CreateAsync("acme", KeyRole.Client, "me", default).Soon();

        foreach (var text in (string[])["", "m3", "m3_", key[..^1], $"{key}A", key.ToUpperInvariant(), record.Id, $"m3_{record.Id}_", $"x3{key[2..]}", new string('_', 99)])
            Assert.Null(await Keys.FindAsync(text, default).Soon());
    }

    [Fact]
    public async Task Revoke_ByAnotherProcess_CountsWithinASecond()
    {
        var (key, record) = await Keys.CreateAsync("acme", KeyRole.Client, "me", default).Soon();
        Assert.NotNull(await Keys.FindAsync(key, default).Soon());
        await using var other = _kept.Make();

        Assert.True(await other.Keys.RevokeAsync(record.Id, "me", default).Soon());
        Assert.False(await other.Keys.RevokeAsync(record.Id, "me", default).Soon());

        _kept.Clock.Advance(KeyStore.KnownFor);
        Assert.Null(await Keys.FindAsync(key, default).Soon());
        Assert.Equal(_kept.Clock.GetUtcNow() - KeyStore.KnownFor, Assert.Single(await Keys.ListAsync(default).Soon()).RevokedAt);
    }

    [Fact]
    public async Task Create_Key_KeepsNothingFromWhichItCouldBeTold()
    {
        var (key, record) = await Keys.CreateAsync("acme", KeyRole.Client, "me", default).Soon();
        if (cluster is not null) return;                                      // the file is read as a whole
        await _kept.Store.DisposeAsync();

        var files = Directory.GetFiles(_kept.Combine("state")).Select(File.ReadAllBytes).Select(System.Text.Encoding.Latin1.GetString);

        var secret = key.Split('_', 3)[2];
        Assert.Contains(files, text => text.Contains(record.Id, StringComparison.Ordinal));
        Assert.DoesNotContain(files, text => text.Contains(secret[..8], StringComparison.Ordinal));
    }
}
