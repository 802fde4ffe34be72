using M3.Adaptive.Store.Schema;
using M3.Adaptive.Store.Writing;

namespace M3.Adaptive.Store.Auditing;

/// <summary>What operators change, kept with the change itself.</summary>
internal static class AuditTrail
{
    /// <param name="actor">Who, such as the user who ran a command.</param>
    /// <param name="action">What, such as <c>budget.set</c>.</param>
    /// <param name="subject">Of whom: a tenant or a key.</param>
    /// <param name="detail">JSON.</param>
    public static void Add(StoreSession session, string actor, string action, string subject, string detail, DateTimeOffset now) => session.Execute(
        "INSERT INTO audit (at, actor, action, subject, detail) VALUES (@at, @actor, @action, @subject, @detail)",
        ("@at", Instant.Of(now)), ("@actor", actor), ("@action", action), ("@subject", subject), ("@detail", detail));
}
