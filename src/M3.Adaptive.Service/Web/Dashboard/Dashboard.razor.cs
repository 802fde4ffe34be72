using System.Globalization;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Drift;
using M3.Adaptive.Service.Drift;
using M3.Adaptive.Service.Web.Charts;
using M3.Adaptive.Service.Web.Live;
using M3.Adaptive.Service.Web.Visitors;
using M3.Adaptive.Store;
using M3.Adaptive.Store.Decisions;
using Microsoft.AspNetCore.Components;

namespace M3.Adaptive.Service.Web.Dashboard;

/// <summary>Looks at meters and store every other second, with the eyes of whoever shows a key.</summary>
public sealed partial class Dashboard
{
    private const int Shown = 50, LookedAt = 1000;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly DecisionFilter _filter = new();
    private CancellationTokenSource? _left;
    private CancellationToken _gone;                                         // fires when the page is left, or its service stops
    private View? _view;
    private bool _isLocked;
    private string? _fault;

    [Inject] private AdaptiveStore Store { get; set; } = null!;            // set before anything is drawn, as are all that follow

    [Inject] private LiveFigures Live { get; set; } = null!;

    [Inject] private Visitor Visitor { get; set; } = null!;

    [Inject] private DriftWatch Drift { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;

    [Inject] private IHostApplicationLifetime Lifetime { get; set; } = null!;

    public void Dispose()
    {
        Visitor.Changed -= OnKeyChanged;
        _left?.Cancel();
        _left?.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _left = CancellationTokenSource.CreateLinkedTokenSource(Lifetime.ApplicationStopping);
        _gone = _left.Token;
        Visitor.Changed += OnKeyChanged;
        await LookAsync();
        _ = KeepLookingAsync();
    }

    private void OnKeyChanged() => _ = InvokeAsync(async () =>
    {
        await LookAsync();
        StateHasChanged();
    });

    private async Task KeepLookingAsync()
    {
        using var timer = new PeriodicTimer(Every, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_gone))
            {
                await LookAsync();
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);                              // as if it had been thrown while the page was drawn
        }
    }

    // A key that was revoked since shows nothing any more.
    private async Task LookAsync()
    {
        try
        {
            var caller = await Visitor.CallerAsync(_gone);
            _isLocked = caller is null;
            _view = caller is null ? null : await ViewAsync(caller, _gone);
            _fault = null;
        }
        catch (StoreUnavailableException)
        {
            (_view, _fault) = (null, "The server cannot read its store now: this page tries again by itself.");
        }
    }

    private async Task<View> ViewAsync(Caller caller, CancellationToken cancellation)
    {
        var decisions = await Store.Recent.ListAsync(DecisionFilter.TenantFor(caller, _filter.Tenant.Trim()), LookedAt, cancellation);
        return new View(
            caller, Live.Snapshot(), [.. decisions.Where(_filter.Takes).Take(Shown)], CalibrationBin.Of(decisions), Drift.Latest(), await BudgetsAsync(caller, cancellation));
    }

    // What Budgets.Get tells: an admin every tenant's, a client its own.
    private async Task<IReadOnlyList<BudgetBalance>> BudgetsAsync(Caller caller, CancellationToken cancellation)
    {
        string[] tenants = caller.Role == KeyRole.Admin ? [.. (await Store.Budgets.ListAsync(cancellation)).Select(static budget => budget.Tenant)] : [caller.Tenant];
        var balances = new List<BudgetBalance>();
        foreach (var tenant in tenants)
        {
            if (await Store.Budgets.BalanceAsync(tenant, cancellation) is { } balance) balances.Add(balance);
        }

        return balances;
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>All that is shown at one moment.</summary>
    private sealed record View(
        Caller Caller, LiveSnapshot Live, IReadOnlyList<DecisionSummary> Decisions, IReadOnlyList<CalibrationBin> Calibration, DriftReport? Drift, IReadOnlyList<BudgetBalance> Budgets);
}
