using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using Grpc.Core;
using M3.Adaptive.Core;
using M3.Adaptive.Service.Refusals;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Auth;

/// <summary>
/// Tells callers apart by the key in their metadata, <c>authorization: Bearer KEY</c>. While no key has ever been made everybody is let in, as a client of
/// the default tenant. Refusals are gRPC's own, as a bare HTTP status says little to a gRPC client.
/// </summary>
internal sealed class KeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IKeyRing keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";

    private const string NoKey = "This server asks for a key: send it as metadata, authorization: Bearer KEY.";
    private const string WrongKey = "The key is unknown or revoked: ask the server's operator for another one.";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Health must answer while keys cannot be read.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null) return AuthenticateResult.NoResult();
        try
        {
            if (!await keys.AnyAsync(Context.RequestAborted)) return Success(Caller.Anonymous);
            if (PresentedKey is not { } presented) return AuthenticateResult.Fail(NoKey);
            return await keys.FindAsync(presented, Context.RequestAborted) is { } key
                ? Success(new Caller(key.Tenant, key.Role, key.Id))
                : AuthenticateResult.Fail(WrongKey);
        }
        catch (StoreUnavailableException fault)
        {
            return AuthenticateResult.Fail(fault);
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failure = (await HandleAuthenticateOnceSafeAsync()).Failure;
        var refusal = failure is StoreUnavailableException ? Refusal.StoreUnavailable : new Refusal(StatusCode.Unauthenticated, "NO_VALID_KEY", failure?.Message ?? NoKey);
        await refusal.WriteToAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        new Refusal(StatusCode.PermissionDenied, "ADMINS_ONLY", "The method is for keys of role admin.").WriteToAsync(Context);

    // One header of this scheme: of several, nobody could say which one counts.
    private string? PresentedKey =>
        Request.Headers.Authorization is [{ } header]
        && AuthenticationHeaderValue.TryParse(header, out var value) && value.Scheme.Equals(SchemeName, StringComparison.OrdinalIgnoreCase)
            ? value.Parameter
            : null;

    private static AuthenticateResult Success(Caller caller) => AuthenticateResult.Success(new AuthenticationTicket(caller.ToPrincipal(), SchemeName));
}
