using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Service.Auth;
using M3.Adaptive.Service.Refusals;
using M3.Adaptive.Store;
using Microsoft.AspNetCore.Authorization;
using KeyRole = M3.Adaptive.Core.KeyRole;
using Wire = M3.Adaptive.Contracts.V1;

namespace M3.Adaptive.Service.Grpc;

/// <summary>What tenants may be charged, over the store of this process.</summary>
internal sealed class BudgetsGrpcService(AdaptiveStore store) : Wire.Budgets.BudgetsBase
{
    public override async Task<GetBudgetResponse> Get(GetBudgetRequest request, ServerCallContext context)
    {
        var caller = context.Caller();
        var tenant = request.HasTenant ? BudgetMapping.TenantOf(request.Tenant) : caller.Tenant;
        if (tenant != caller.Tenant && caller.Role != KeyRole.Admin)
            throw new Refusal(StatusCode.PermissionDenied, "ADMIN_NEEDED", "Other tenants' budgets are for keys of role admin.").ToException();
        var balance = await store.Budgets.BalanceAsync(tenant, context.CancellationToken);
        return balance is null
            ? new GetBudgetResponse()
            : new GetBudgetResponse
            {
                Budget = BudgetMapping.ToWire(balance.Budget),
                Settled = balance.Settled,
                Reserved = balance.Reserved,
                NextWindow = balance.WindowEnd.ToTimestamp(),
            };
    }

    [Authorize(Policy = Door.Admins)]
    public override async Task<SetBudgetResponse> Set(SetBudgetRequest request, ServerCallContext context)
    {
        var actor = context.Caller().Name;
        var tenant = BudgetMapping.TenantOf(request.Tenant);
        if (request.Budget is { } budget) await store.Budgets.SetAsync(BudgetMapping.ToBudget(tenant, budget), actor, context.CancellationToken);
        else await store.Budgets.RemoveAsync(tenant, actor, context.CancellationToken);
        return new SetBudgetResponse();
    }

    [Authorize(Policy = Door.Admins)]
    public override async Task<GetUsageResponse> Usage(GetUsageRequest request, ServerCallContext context)
    {
        var tenant = request.HasTenant ? BudgetMapping.TenantOf(request.Tenant) : null;
        var windows = (await store.Budgets.AuditAsync(context.CancellationToken)).Where(window => tenant is null || window.Tenant == tenant);
        return new GetUsageResponse { Windows = { windows.OrderByDescending(static window => window.Start).Select(BudgetMapping.ToWindow) } };
    }

    [Authorize(Policy = Door.Admins)]
    public override async Task<AuditBudgetsResponse> Audit(AuditBudgetsRequest request, ServerCallContext context)
    {
        var windows = await store.Budgets.AuditAsync(context.CancellationToken);
        return new AuditBudgetsResponse { Windows = { windows.Select(BudgetMapping.ToWindow) }, Consistent = windows.All(static window => window.IsConsistent) };
    }
}
