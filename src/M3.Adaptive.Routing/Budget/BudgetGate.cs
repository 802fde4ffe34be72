using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Budget;

/// <summary>Lets requests begin within their tenants' budgets.</summary>
internal sealed class BudgetGate(IBudgetLedger ledger, TimeProvider clock, IOptions<BudgetOptions> options)
{
    /// <summary>Plans a request against its budget and reserves what the plan may be charged at most.</summary>
    /// <param name="encodeFlops">Of encoding one picture.</param>
    /// <param name="start">Begins an episode under rules; pure.</param>
    /// <returns>Going on, with what is held, or an impossible request.</returns>
    /// <exception cref="BudgetExhaustedException">Not even the cheapest scale fits, now or until running requests had time to end.</exception>
    public Task<(BudgetPlan Plan, BudgetHold Hold)> EnterAsync(
        string tenant, RoutingRules rules, double encodeFlops, Func<RoutingRules, EpisodeStart> start, CancellationToken cancellation) =>
        EnterAsync(tenant, balance => BudgetPlanner.Plan(balance, rules, encodeFlops, start), encodeFlops, options.Value.MaxWait, cancellation);

    /// <summary>Plans a request as <see cref="EnterAsync(string, RoutingRules, double, Func{RoutingRules, EpisodeStart}, CancellationToken)"/> does, and reserves nothing.</summary>
    public Task<(BudgetPlan Plan, BudgetHold Hold)> LookAsync(
        string tenant, RoutingRules rules, double encodeFlops, Func<RoutingRules, EpisodeStart> start, CancellationToken cancellation) =>
        EnterAsync(
            tenant, balance => BudgetPlanner.Plan(balance, rules, encodeFlops, start) with { Amount = 0 }, encodeFlops, TimeSpan.Zero, cancellation);

    private async Task<(BudgetPlan Plan, BudgetHold Hold)> EnterAsync(
        string tenant, Func<BudgetBalance?, BudgetWish<BudgetPlan>> plan, double encodeFlops, TimeSpan maxWait, CancellationToken cancellation)
    {
        var until = clock.GetUtcNow() + maxWait;
        while (true)
        {
            var (claim, planned) = await ledger.ReserveAsync(tenant, plan, cancellation);
            switch (planned)
            {
                case BudgetPlan.Refuse refused:
                    throw new BudgetExhaustedException(refused.Shortage, isHeld: false);
                case BudgetPlan.Wait waiting when clock.GetUtcNow() >= until:
                    throw new BudgetExhaustedException(waiting.Shortage, isHeld: true);
                case BudgetPlan.Wait:
                    await ledger.WaitForReleaseAsync(cancellation);
                    break;
                default:
                    return (planned, new BudgetHold(ledger, claim, (planned as BudgetPlan.Go)?.Ceiling, encodeFlops));
            }
        }
    }
}
