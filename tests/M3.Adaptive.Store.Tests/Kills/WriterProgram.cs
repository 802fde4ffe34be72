using M3.Adaptive.Core;
using M3.Adaptive.Store.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Store.Tests.Kills;

/// <summary>
/// A process that keeps decisions with settlements, and outcomes of them, as fast as it can until it is killed: <c>dotnet TESTS.dll FOLDER</c>. It prints each
/// decision's id and amount once the store has acknowledged all three.
/// </summary>
internal static class WriterProgram
{
    public const string Tenant = "acme";
    private const int Callers = 16;

    public static async Task Main(string[] args)
    {
        await using var store = new AdaptiveStore(new StoreOptions { LeaseTime = TimeSpan.FromMinutes(1), Synchronous = Synchronous.Normal }, args[0], TimeProvider.System, NullLoggerFactory.Instance);
        await store.OpenForServiceAsync(default);
        Console.WriteLine("ready");
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => WriteAsync(store, new Random(caller)))));
    }

    private static async Task WriteAsync(AdaptiveStore store, Random random)
    {
        while (true)
        {
            var (claim, _) = await store.Budgets.ReserveAsync(Tenant, _ => new BudgetWish<int>(585, 0), default);
            var decision = Some.Decision(0) with { DecisionId = Guid.NewGuid(), Tenant = Tenant };
            var settlement = new BudgetSettlement(claim ?? throw new InvalidOperationException("There is no budget."), random.Next(1, 586), default);
            await store.Decisions.AppendAsync(decision, settlement, default);
            await store.Outcomes.RecordAsync(new OutcomeRecord(decision.DecisionId, Tenant, Verdict.Right, null, "me"), default);
            Console.WriteLine($"{decision.DecisionId} {settlement.Amount}");
        }
    }
}
