namespace M3.Adaptive.Core;

/// <summary>Who makes a request: whose budget it counts in, whose decision it becomes, and what else it may do.</summary>
/// <param name="Tenant">Whose request it is; pictures and replies that are remembered are remembered for this tenant alone.</param>
/// <param name="Role">What the caller may do.</param>
/// <param name="KeyId">Public part of the key that was shown; null without one.</param>
public sealed record Caller(string Tenant, KeyRole Role, string? KeyId)
{
    /// <summary>How the audit table and outcomes name the caller.</summary>
    public string Name => KeyId is { } id ? $"key:{id}" : "caller";

    /// <summary>Whoever calls while no key has been made.</summary>
    public static Caller Anonymous { get; } = new(Tenants.Default, KeyRole.Client, KeyId: null);
}
