using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Budget;

/// <summary>What the gate must know of a request's costs.</summary>
/// <param name="Finest">What an answer at the model's finest scale may be charged.</param>
/// <param name="EncodeFlops">Of encoding one picture.</param>
internal readonly record struct RequestCosts(Cost Finest, double EncodeFlops);

/// <summary>Lets requests begin within their tenants' budgets.</summary>
internal sealed class BudgetGate(IBudgetLedger ledger, Pacer pacer, TimeProvider clock, IOptionsMonitor<BudgetOptions> options)
{
    /// <summary>Plans a request against its budget and reserves what the plan may be charged at most.</summary>
    /// <param name="start">Begins an episode under rules; pure.</param>
    /// <returns>Going on, with what is held, or an impossible request.</returns>
    /// <exception cref="BudgetExhaustedException">Not even the cheapest scale fits, now or until running requests had time to end.</exception>
    public Task<(BudgetPlan Plan, BudgetHold Hold)> EnterAsync(
        string tenant, RoutingRules rules, RequestCosts costs, Func<RoutingRules, EpisodeStart> start, CancellationToken cancellation) =>
        EnterAsync(tenant, balance => Plan(balance, rules, costs, start), costs, options.CurrentValue.MaxWait, cancellation);

    /// <summary>Plans a request as <see cref="EnterAsync(string, RoutingRules, RequestCosts, Func{RoutingRules, EpisodeStart}, CancellationToken)"/> does, and reserves nothing.</summary>
    public Task<(BudgetPlan Plan, BudgetHold Hold)> LookAsync(
        string tenant, RoutingRules rules, RequestCosts costs, Func<RoutingRules, EpisodeStart> start, CancellationToken cancellation) =>
        EnterAsync(tenant, balance => Plan(balance, rules, costs, start) with { Amount = 0 }, costs, TimeSpan.Zero, cancellation);

    private BudgetWish<BudgetPlan> Plan(BudgetBalance? balance, RoutingRules rules, RequestCosts costs, Func<RoutingRules, EpisodeStart> start) =>
        BudgetPlanner.Plan(balance, balance is null ? rules : pacer.Paced(rules, balance, costs.Finest, costs.EncodeFlops), costs.EncodeFlops, start);

    /// <summary>Takes account of what a request was charged, for the pace of its tenant's budget.</summary>
    public void Observe(BudgetHold hold)
    {
        if (hold.Settlement is { } settlement) pacer.Observe(settlement, clock.GetUtcNow());
    }

    private async Task<(BudgetPlan Plan, BudgetHold Hold)> EnterAsync(
        string tenant, Func<BudgetBalance?, BudgetWish<BudgetPlan>> plan, RequestCosts costs, TimeSpan maxWait, CancellationToken cancellation)
    {
        var until = clock.GetUtcNow() + maxWait;
        while (true)
        {
            var (claim, planned) = await ledger.ReserveAsync(tenant, plan, cancellation);
            switch (planned)
            {
                case BudgetPlan.Refuse refused:
                    pacer.ObserveRefusal(refused.Shortage.Balance, clock.GetUtcNow());
                    throw new BudgetExhaustedException(refused.Shortage, isHeld: false);
                case BudgetPlan.Wait waiting when clock.GetUtcNow() >= until:
                    throw new BudgetExhaustedException(waiting.Shortage, isHeld: true);
                case BudgetPlan.Wait:
                    await ledger.WaitForReleaseAsync(cancellation);
                    break;
                default:
                    return (planned, new BudgetHold(ledger, claim, (planned as BudgetPlan.Go)?.Ceiling, costs.EncodeFlops));
            }
        }
    }
}
