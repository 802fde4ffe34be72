using System.Security.Claims;
using Grpc.Core;
using M3.Adaptive.Core;

namespace M3.Adaptive.Service.Auth;

/// <summary>The caller as ASP.NET carries it through a call.</summary>
internal static class CallerClaims
{
    private const string Tenant = "tenant", Key = "key";

    public static ClaimsPrincipal ToPrincipal(this Caller caller)
    {
        var identity = new ClaimsIdentity(KeyAuthentication.SchemeName, Key, ClaimTypes.Role);
        identity.AddClaim(new Claim(Tenant, caller.Tenant));
        identity.AddClaim(new Claim(ClaimTypes.Role, caller.Role.ToString()));
        if (caller.KeyId is { } id) identity.AddClaim(new Claim(Key, id));
        return new ClaimsPrincipal(identity);
    }

    /// <exception cref="InvalidOperationException">Nobody has been let in, as on methods that are open to all.</exception>
    public static Caller ToCaller(this ClaimsPrincipal principal) => principal.FindFirstValue(Tenant) is { } tenant
        ? new Caller(tenant, principal.IsInRole(nameof(KeyRole.Admin)) ? KeyRole.Admin : KeyRole.Client, principal.FindFirstValue(Key))
        : throw new InvalidOperationException("The method is open to all, so that its caller has no name.");

    /// <summary>Who makes the call.</summary>
    /// <inheritdoc cref="ToCaller(ClaimsPrincipal)"/>
    public static Caller Caller(this ServerCallContext call) => call.GetHttpContext().User.ToCaller();
}
