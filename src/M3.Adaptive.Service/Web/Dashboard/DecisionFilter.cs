using M3.Adaptive.Core;
using M3.Adaptive.Store.Decisions;

namespace M3.Adaptive.Service.Web.Dashboard;

/// <summary>Which decisions are shown. Empty texts leave it open.</summary>
public sealed class DecisionFilter
{
    public string Tenant { get; set; } = "";

    /// <summary>Why some scale ran.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Visual tokens of the scale that answered.</summary>
    public string Scale { get; set; } = "";

    /// <summary>Whose decisions a caller may see, of those it asks for: an admin everybody's, a client its own. Null is everybody's.</summary>
    public static string? TenantFor(Caller caller, string wished) => caller.Role != KeyRole.Admin ? caller.Tenant : wished.Length > 0 ? wished : null;

    public bool Takes(DecisionSummary decision) =>
        (Reason.Length == 0 || decision.Path.Any(step => step.Reason == Reason))
        && (Scale.Length == 0 || (decision.Path is [.., var last] && $"{last.VisualTokens}" == Scale));
}
