using System.Diagnostics;
using M3.Adaptive.Core;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Store.Tests.Kills;

/// <summary>Processes that are killed while they write, as kill -9 does, on one file.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 10, Limit = 1_000_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_TenTimesWhileWriting_LosesNothingAcknowledgedAndLeavesTheLedgerExact()
    {
        await using (var before = Open(TimeProvider.System))
        {
            await before.OpenAsync(default).Soon();
            await before.Budgets.SetAsync(new TenantBudget(WriterProgram.Tenant, BudgetUnit.VisualTokens, Limit, TimeSpan.FromDays(366), 1), "me", default).Soon();
        }

        List<(Guid Id, long Amount)> acknowledged = [];
        for (var kill = 0; kill < Kills; kill++) acknowledged.AddRange(await WriteAndKillAsync(acknowledgements: 1 + 9 * kill).Soon());

        // Long after: the dead processes' leases have ended.
        await using var after = Open(new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(2)));
        await after.OpenAsync(default).Soon();
        await after.KeepHouseAsync().Soon();
        var kept = await after.Decisions.ReadAsync(null, null, default).Select(decision => decision.DecisionId).ToHashSetAsync().AsTask().Soon();
        var window = Assert.Single(await after.Budgets.AuditAsync(default).Soon());
        await using var context = after.CreateContext();
        var said = (await context.Outcomes.Select(outcome => outcome.DecisionId).ToListAsync().Soon()).ToHashSet();
        var settled = await context.Settlements.ToDictionaryAsync(row => row.DecisionId ?? Guid.Empty, row => row.Amount).Soon();

        Assert.True(acknowledged.Count > 10 * Kills, $"{acknowledged.Count}");
        Assert.All(acknowledged, entry => Assert.True(kept.Contains(entry.Id) && said.Contains(entry.Id) && settled[entry.Id] == entry.Amount));
        Assert.True(window.IsConsistent, $"{window}");
        Assert.Equal((0, settled.Values.Sum()), (window.Reserved, window.Settled));
        Assert.Equal(kept.Count, settled.Count);                              // never one without the other
    }

    private async Task<List<(Guid Id, long Amount)>> WriteAndKillAsync(int acknowledgements)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(KillTests).Assembly.Location, _folder.Path]) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The writer did not start.");
        List<(Guid, long)> acknowledged = [];
        try
        {
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync().Soon());
            while (acknowledged.Count < acknowledgements && await process.StandardOutput.ReadLineAsync().Soon() is { } line) acknowledged.Add(Parse(line));
        }
        finally
        {
            process.Kill();
        }

        // What it had still said counts, too; the last line may be cut.
        while (await process.StandardOutput.ReadLineAsync().Soon() is { } line)
        {
            if (line.Split(' ') is [{ Length: 36 }, { Length: > 0 }] && process.StandardOutput.Peek() >= 0) acknowledged.Add(Parse(line));
        }

        await process.WaitForExitAsync().Soon();
        return acknowledged;
    }

    private static (Guid Id, long Amount) Parse(string line) => line.Split(' ') is [var id, var amount]
        ? (Guid.Parse(id), long.Parse(amount))
        : throw new InvalidDataException(line);

    private AdaptiveStore Open(TimeProvider clock) => new(new StoreOptions(), _folder.Path, clock, NullLoggerFactory.Instance);
}
