namespace M3.Adaptive.Service.Retraining;

/// <summary>Whether it is time to retrain. Pure.</summary>
internal static class RetrainingDue
{
    /// <param name="since">Time since the last retraining ended, or since the start.</param>
    /// <param name="audits">Made since then.</param>
    /// <returns>For the new version's origin; null when none is due.</returns>
    public static string? Reason(TimeSpan since, long audits, RetrainingOptions options) => options switch
    {
        { AfterAudits: { } enough } when audits >= enough => $"by schedule: {audits} new audits",
        { Every: { } every } when since >= every => $"by schedule: every {every}",
        _ => null,
    };
}
