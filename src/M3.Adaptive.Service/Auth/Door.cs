using System.Net;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace M3.Adaptive.Service.Auth;

/// <summary>Who is let in: every method needs a caller with a name, unless it is declared open to all, and some need an admin.</summary>
internal static class Door
{
    /// <summary>Policy of methods that only admins may call: <c>[Authorize(Policy = Door.Admins)]</c>.</summary>
    public const string Admins = "admins";

    public static void AddDoor(this IServiceCollection services)
    {
        services.AddAuthentication(KeyAuthentication.SchemeName).AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Admins, static policy => policy.RequireRole(nameof(KeyRole.Admin)));
    }

    /// <exception cref="CommandException">Others than this machine's users could reach the service, and nothing would keep anyone of them out.</exception>
    public static void ThrowIfOpen(IPEndPoint endpoint, bool isAnyKeyMade, bool isInsecureAllowed)
    {
        if (isAnyKeyMade || isInsecureAllowed || IPAddress.IsLoopback(endpoint.Address)) return;
        throw new CommandException(
            $"{endpoint} can be reached from other machines and no key has been made, so anybody could use the service: "
            + "make a key with ./m3 key create, listen on 127.0.0.1, or let everybody in with --insecure");
    }
}
