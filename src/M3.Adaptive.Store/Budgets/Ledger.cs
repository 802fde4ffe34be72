using System.Data.Common;
using System.Text.Json;
using M3.Adaptive.Core;
using M3.Adaptive.Store.Auditing;
using M3.Adaptive.Store.Schema;
using M3.Adaptive.Store.Writing;

namespace M3.Adaptive.Store.Budgets;

/// <summary>
/// The ledger's statements. What is taken of a window changes by one conditional update only, which compares with the limit in the same
/// step: it is the truth, whatever other processes do at the same time.
/// </summary>
internal static class Ledger
{
    private const string OfWindow = "tenant = @tenant AND unit = @unit AND window_length = @length AND window_start = @start";

    private const string OfBudget = "SELECT tenant, unit, allowance, window_length, soft_share FROM budgets WHERE tenant = @tenant";

    private const string Open =
        """
        INSERT INTO accounts (tenant, unit, window_length, window_start, allowance, taken, settled)
        VALUES (@tenant, @unit, @length, @start, @allowance, 0, 0) ON CONFLICT DO NOTHING
        """;

    private const string Take = $"UPDATE accounts SET taken = taken + @amount, allowance = @allowance WHERE {OfWindow} AND taken + @amount <= @allowance";

    private const string TakeSettled =
        $"UPDATE accounts SET taken = taken + @amount, settled = settled + @amount WHERE {OfWindow} AND taken + @amount <= allowance";

    private const string Return = $"UPDATE accounts SET taken = taken - @back, settled = settled + @amount WHERE {OfWindow}";

    private const string AddReservation =
        """
        INSERT INTO reservations (id, tenant, unit, window_length, window_start, amount, holder)
        VALUES (@id, @tenant, @unit, @length, @start, @amount, @holder)
        """;

    private const string AddSettlement =
        """
        INSERT INTO settlements (id, decision_id, tenant, unit, window_length, window_start, amount, visual_tokens, flops, seconds, at)
        VALUES (@id, @decision, @tenant, @unit, @length, @start, @amount, @tokens, @flops, @seconds, @at)
        """;

    private const string SumUp =
        """
        SELECT tenant, unit, window_length, window_start, allowance, taken, settled,
            (SELECT CAST(COALESCE(SUM(r.amount), 0) AS BIGINT) FROM reservations r
                WHERE r.tenant = a.tenant AND r.unit = a.unit AND r.window_length = a.window_length AND r.window_start = a.window_start),
            (SELECT CAST(COALESCE(SUM(s.amount), 0) AS BIGINT) FROM settlements s
                WHERE s.tenant = a.tenant AND s.unit = a.unit AND s.window_length = a.window_length AND s.window_start = a.window_start)
        FROM accounts a ORDER BY tenant, window_start, unit, window_length
        """;

    private const string Dead =
        """
        SELECT id FROM reservations r WHERE NOT EXISTS (SELECT 1 FROM leases l WHERE l.id = r.holder AND l.ends_at >= @now) ORDER BY tenant
        """;

    /// <summary>Lets a plan see the balance and takes what it asks for.</summary>
    /// <param name="holder">Lease of this process.</param>
    public static (BudgetClaim? Claim, T Plan) Reserve<T>(
        StoreSession session, Guid id, string tenant, Guid holder, DateTimeOffset now, Func<BudgetBalance?, BudgetWish<T>> plan)
    {
        if (session.Query(OfBudget, ReadBudget, ("@tenant", tenant)) is not [var budget]) return (null, plan(null).Plan);
        var window = new Window(tenant, (int)budget.Unit, ToMicroseconds(budget.Window), Instant.Of(budget.WindowStart(now)));
        while (true)
        {
            var balance = BalanceOf(session, budget, window, now);
            var (amount, result) = plan(balance);
            if (amount <= 0) return (null, result);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, balance.Available);
            var isTaken = session.Execute(Take, [.. window.Values, ("@amount", amount), ("@allowance", budget.Limit)]) == 1;
            if (!isTaken) continue;                                           // another process came between: look again
            session.Execute(AddReservation, [("@id", id), .. window.Values, ("@amount", amount), ("@holder", holder)]);
            return (new BudgetClaim(id, balance, amount), result);
        }
    }

    /// <summary>Ends a claim. One whose reservation was given back, as its process could not renew its lease, is charged only if that still fits.</summary>
    /// <returns>False when it did not fit any more: nothing is charged.</returns>
    public static bool Settle(StoreSession session, BudgetSettlement settlement, Guid? decision, DateTimeOffset now)
    {
        var claim = settlement.Claim;
        var window = Window.Of(claim.Balance);
        var amount = Math.Clamp(settlement.Amount, 0, claim.Amount);
        if (session.Execute("DELETE FROM reservations WHERE id = @id", ("@id", claim.Id)) == 1)
        {
            session.Execute(Return, [.. window.Values, ("@back", claim.Amount - amount), ("@amount", amount)]);
        }
        else if (amount == 0 || session.Query("SELECT id FROM settlements WHERE id = @id", static row => row.GetGuid(0), ("@id", claim.Id)) is not [])
        {
            return true;                                                      // given back already, or settled already
        }
        else if (session.Execute(TakeSettled, [.. window.Values, ("@amount", amount)]) == 0)
        {
            return false;
        }

        if (amount == 0) return true;
        session.Execute(
            AddSettlement,
            [
                ("@id", claim.Id), ("@decision", decision), .. window.Values, ("@amount", amount), ("@tokens", settlement.Charged.VisualTokens),
                ("@flops", settlement.Charged.Flops), ("@seconds", settlement.Charged.Seconds), ("@at", Instant.Of(now)),
            ]);
        return true;
    }

    /// <summary>Gives a reservation back, if it is there.</summary>
    public static bool Release(StoreSession session, Guid id)
    {
        var freed = session.Query(
            "DELETE FROM reservations WHERE id = @id RETURNING tenant, unit, window_length, window_start, amount",
            static row => (Window: new Window(row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)), Amount: row.GetInt64(4)),
            ("@id", id));
        foreach (var (window, amount) in freed) session.Execute(Return, [.. window.Values, ("@back", amount), ("@amount", 0L)]);
        return freed is not [];
    }

    public static int ReleaseOfTheDead(StoreSession session, DateTimeOffset now) =>
        session.Query(Dead, static row => row.GetGuid(0), ("@now", Instant.Of(now))).Count(id => Release(session, id));

    public static int Set(StoreSession session, TenantBudget budget, string actor, DateTimeOffset now)
    {
        AuditTrail.Add(session, actor, "budget.set", budget.Tenant, JsonSerializer.Serialize(budget), now);
        return session.Execute(
            """
            INSERT INTO budgets (tenant, unit, allowance, window_length, soft_share) VALUES (@tenant, @unit, @allowance, @length, @share)
            ON CONFLICT (tenant) DO UPDATE SET unit = excluded.unit, allowance = excluded.allowance, window_length = excluded.window_length,
                soft_share = excluded.soft_share
            """,
            ("@tenant", budget.Tenant), ("@unit", (int)budget.Unit), ("@allowance", budget.Limit), ("@length", ToMicroseconds(budget.Window)),
            ("@share", budget.SoftShare));
    }

    public static bool Remove(StoreSession session, string tenant, string actor, DateTimeOffset now)
    {
        if (session.Execute("DELETE FROM budgets WHERE tenant = @tenant", ("@tenant", tenant)) == 0) return false;
        AuditTrail.Add(session, actor, "budget.remove", tenant, "{}", now);
        return true;
    }

    public static IReadOnlyList<AuditedWindow> Audit(StoreSession session) => session.Query(
        SumUp,
        static row => new AuditedWindow(
            row.GetString(0), (BudgetUnit)row.GetInt32(1), Instant.ToTime(row.GetInt64(3)), TimeSpan.FromMicroseconds(row.GetInt64(2)), row.GetInt64(4),
            Reserved: row.GetInt64(7), Settled: row.GetInt64(8), Ledger: row.GetInt64(5), LedgerSettled: row.GetInt64(6)));

    /// <summary>Deletes windows that ended before a time and hold no reservation any more, with their settlements.</summary>
    public static int Forget(StoreSession session, DateTimeOffset before)
    {
        var old = session.Query(
            """
            SELECT tenant, unit, window_length, window_start FROM accounts
            WHERE window_start + window_length < @before AND taken = settled ORDER BY tenant LIMIT 100
            """,
            static row => new Window(row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)), ("@before", Instant.Of(before)));
        foreach (var window in old)
        {
            session.Execute($"DELETE FROM settlements WHERE {OfWindow}", window.Values);
            session.Execute($"DELETE FROM accounts WHERE {OfWindow}", window.Values);
        }

        return old.Count;
    }

    public static TenantBudget ToBudget(BudgetRow row) =>
        new(row.Tenant, (BudgetUnit)row.Unit, row.Allowance, TimeSpan.FromMicroseconds(row.WindowLength), row.SoftShare);

    private static TenantBudget ReadBudget(DbDataReader row) =>
        new(row.GetString(0), (BudgetUnit)row.GetInt32(1), row.GetInt64(2), TimeSpan.FromMicroseconds(row.GetInt64(3)), row.GetDouble(4));

    private static BudgetBalance BalanceOf(StoreSession session, TenantBudget budget, Window window, DateTimeOffset now)
    {
        var found = session.Query(
            $"SELECT taken, settled FROM accounts WHERE {OfWindow}", static row => (Taken: row.GetInt64(0), Settled: row.GetInt64(1)), window.Values);
        if (found is []) session.Execute(Open, [.. window.Values, ("@allowance", budget.Limit)]);
        var (taken, settled) = found is [var account] ? account : default;
        return new BudgetBalance(budget, budget.WindowStart(now), settled, taken - settled);
    }

    private static long ToMicroseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The key of an account.</summary>
    private readonly record struct Window(string Tenant, int Unit, long Length, long Start)
    {
        public (string Name, object? Value)[] Values => [("@tenant", Tenant), ("@unit", Unit), ("@length", Length), ("@start", Start)];

        public static Window Of(BudgetBalance balance) =>
            new(balance.Budget.Tenant, (int)balance.Budget.Unit, ToMicroseconds(balance.Budget.Window), Instant.Of(balance.WindowStart));
    }
}
