using System.CommandLine;
using M3.Adaptive.CommandLine;
using M3.Adaptive.CommandLine.Values;
using M3.Adaptive.Core;
using M3.Adaptive.Store.Budgets;

namespace M3.Adaptive.Service.Administration;

/// <summary><c>budget get|set|usage|audit</c>: what tenants may be charged, and what they were. Works beside a running service.</summary>
internal static class BudgetCommand
{
    private const string Tokens = "visual-tokens", Flops = "flops", None = "none";
    private const long Mega = 1_000_000;

    public static Command Create() => new("budget", "What each tenant may be charged in a window of time, and what it was charged.") { Get(), Set(), Usage(), Audit() };

    private static Command Get()
    {
        var (json, access) = (Operator.JsonOption(), new StoreAccess());
        var command = new Command("get", "The budgets that are set; a tenant without one is not limited.") { json, access.Option };
        command.SetWork((parsed, cancellation) => access.UseAsync(
            parsed,
            async (store, stop) =>
            {
                BudgetView[] budgets = [.. (await store.Budgets.ListAsync(stop)).Select(BudgetView.Of)];
                if (parsed.GetValue(json)) Output.Json(new { Budgets = budgets });
                else
                    Output.Table(
                        ["tenant", "limit", "unit", "window", "soft share"],
                        budgets.Select(budget => (string[])[budget.Tenant, $"{budget.Limit}", budget.Unit, budget.Window, $"{budget.SoftShare}"]));
            },
            cancellation));
        return command;
    }

    private static Command Set()
    {
        var tenant = Operator.TenantArgument();
        var limit = new Option<string>("--limit") { Description = "Charged at most in one window: a whole number, or none for no budget.", HelpName = "N|none", Required = true };
        var unit = new Option<string>("--unit") { Description = "What is counted; FLOPs in millions, each request rounded up.", DefaultValueFactory = _ => Tokens };
        unit.AcceptOnlyFromAmong(Tokens, Flops);
        var window = new Option<TimeSpan>("--window")
        {
            Description = "Length of a window, such as 1h or 1d; windows begin at whole multiples of it since 1970, UTC.",
            DefaultValueFactory = _ => TimeSpan.FromDays(1),
        }.Where(
            length => length >= TimeSpan.FromSeconds(1) && length <= TimeSpan.FromDays(366) && length.Ticks % TimeSpan.TicksPerSecond == 0,
            "whole seconds, from 1s to 366d");
        var soft = new Option<double>("--soft")
        {
            Description = "Share of the limit from which on finer scales are closed step by step: above 0; 1 closes none.",
            DefaultValueFactory = _ => 1,
        }.Where(share => share is > 0 and <= 1, "a number above 0, up to 1");
        var access = new StoreAccess();
        var command = new Command("set", "Sets a tenant's budget: at once, for the window that is running, too.") { tenant, limit, unit, window, soft, access.Option };
        command.SetWork((parsed, cancellation) =>
        {
            var name = parsed.GetRequiredValue(tenant);
            var text = parsed.GetRequiredValue(limit);
            var amount = text == None ? (long?)null : LimitOf(text, parsed.GetRequiredValue(unit));
            return access.UseAsync(
                parsed,
                async (store, stop) =>
                {
                    if (amount is { } most)
                    {
                        var counted = parsed.GetRequiredValue(unit) == Flops ? BudgetUnit.Megaflops : BudgetUnit.VisualTokens;
                        await store.Budgets.SetAsync(new TenantBudget(name, counted, most, parsed.GetValue(window), parsed.GetValue(soft)), Operator.Name, stop);
                    }
                    else if (!await store.Budgets.RemoveAsync(name, Operator.Name, stop))
                    {
                        throw new CommandException($"{name} has no budget");
                    }
                },
                cancellation);
        });
        return command;
    }

    private static Command Usage()
    {
        var (json, access) = (Operator.JsonOption(), new StoreAccess());
        var command = new Command("usage", "What tenants with budgets were charged, window by window, latest first.") { json, access.Option };
        command.SetWork((parsed, cancellation) => access.UseAsync(
            parsed,
            async (store, stop) =>
            {
                WindowView[] windows = [.. (await store.Budgets.AuditAsync(stop)).OrderByDescending(window => window.Start).Select(WindowView.Of)];
                if (parsed.GetValue(json)) Output.Json(new { Windows = windows });
                else WriteWindows(windows);
            },
            cancellation));
        return command;
    }

    private static Command Audit()
    {
        var (json, access) = (Operator.JsonOption(), new StoreAccess());
        var command = new Command("audit", "Adds up every reservation and settlement and compares with the ledger; exit code 1 when they differ.") { json, access.Option };
        command.SetWork((parsed, cancellation) => access.UseAsync(
            parsed,
            async (store, stop) =>
            {
                var windows = await store.Budgets.AuditAsync(stop);
                var isConsistent = windows.All(static window => window.IsConsistent);
                WindowView[] views = [.. windows.Select(WindowView.Of)];
                if (parsed.GetValue(json)) Output.Json(new { Tenants = views, Consistent = isConsistent });
                else WriteWindows(views);
                if (windows.FirstOrDefault(static window => !window.IsConsistent) is { } wrong)
                    throw new CommandException($"the ledger is wrong: {wrong}", ExitCode.Failure);
            },
            cancellation));
        return command;
    }

    private static void WriteWindows(IEnumerable<WindowView> windows) => Output.Table(
        ["tenant", "window", "length", "unit", "limit", "reserved", "settled", "ledger"],
        windows.Select(window => (string[])
        [
            window.Tenant, window.Window, window.Length, window.Unit, $"{window.Limit}", $"{window.Reserved}", $"{window.Settled}", $"{window.Ledger}",
        ]));

    // FLOPs are large: 1e15 may be written, too.
    private static long LimitOf(string text, string unit)
    {
        if (unit == Tokens && Numbers.TryParse(text, out long tokens) && tokens >= 0) return tokens;
        if (unit == Flops && Numbers.TryParse(text, out double flops) && flops >= 0 && flops / Mega < long.MaxValue) return (long)(flops / Mega);
        throw new CommandException($"--limit is '{text}'; expected {(unit == Tokens ? "a whole number of visual tokens" : "a number of FLOPs such as 1e15")}, 0 or more, or none");
    }

    private static string NameOf(BudgetUnit unit) => unit == BudgetUnit.Megaflops ? "megaflops" : Tokens;

    /// <summary>A budget in the words of <c>--json</c>; a limit in FLOPs is told in millions.</summary>
    private sealed record BudgetView(string Tenant, long Limit, string Unit, string Window, double SoftShare)
    {
        public static BudgetView Of(TenantBudget budget) =>
            new(budget.Tenant, budget.Limit, NameOf(budget.Unit), Durations.Show(budget.Window), budget.SoftShare);
    }

    /// <summary>A window in the words of <c>--json</c>.</summary>
    private sealed record WindowView(string Tenant, string Window, string Length, string Unit, long Limit, long Reserved, long Settled, long Ledger)
    {
        public static WindowView Of(AuditedWindow window) => new(
            window.Tenant, $"{window.Start:yyyy-MM-dd'T'HH:mm:ss'Z'}", Durations.Show(window.Length), NameOf(window.Unit), window.Limit, window.Reserved,
            window.Settled, window.Ledger);
    }
}
