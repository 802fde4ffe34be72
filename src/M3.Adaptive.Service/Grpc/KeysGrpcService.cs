using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Service.Auth;
using M3.Adaptive.Service.Refusals;
using M3.Adaptive.Store;
using Microsoft.AspNetCore.Authorization;
using KeyRole = M3.Adaptive.Core.KeyRole;
using Wire = M3.Adaptive.Contracts.V1;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Keys by which callers are told apart, over the store of this process.</summary>
[Authorize(Policy = Door.Admins)]
internal sealed class KeysGrpcService(AdaptiveStore store) : Wire.Keys.KeysBase
{
    public override async Task<CreateKeyResponse> Create(CreateKeyRequest request, ServerCallContext context)
    {
        var admin = context.Caller();
        var tenant = request.HasTenant ? BudgetMapping.TenantOf(request.Tenant) : admin.Tenant;
        var (secret, record) = await store.Keys.CreateAsync(tenant, ToRole(request.Role), admin.Name, context.CancellationToken);
        return new CreateKeyResponse { Secret = secret, Key = ToWire(record) };
    }

    public override async Task<ListKeysResponse> List(ListKeysRequest request, ServerCallContext context) =>
        new() { Keys = { (await store.Keys.ListAsync(context.CancellationToken)).Select(ToWire) } };

    public override async Task<RevokeKeyResponse> Revoke(RevokeKeyRequest request, ServerCallContext context)
    {
        var admin = context.Caller();
        if (await store.Keys.RevokeAsync(request.Id, admin.Name, context.CancellationToken)) return new RevokeKeyResponse();
        var message = "There is no such key that is not revoked: Keys.List shows all.";
        throw new Refusal(StatusCode.NotFound, "KEY_NOT_FOUND", message)
            .With(new ResourceInfo { ResourceType = "key", ResourceName = request.Id, Description = message }).ToException();
    }

    private static KeyRole ToRole(Wire.KeyRole role) => role switch
    {
        Wire.KeyRole.Unspecified or Wire.KeyRole.Client => KeyRole.Client,
        Wire.KeyRole.Admin => KeyRole.Admin,
        _ => throw new InvalidRequestException([new("role", "is none; expected client or admin")]),
    };

    private static Key ToWire(KeyRecord record) => new()
    {
        Id = record.Id,
        Tenant = record.Tenant,
        Role = record.Role == KeyRole.Admin ? Wire.KeyRole.Admin : Wire.KeyRole.Client,
        CreatedAt = record.CreatedAt.ToTimestamp(),
        RevokedAt = record.RevokedAt?.ToTimestamp(),
    };
}
