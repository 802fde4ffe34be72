using M3.Adaptive.Service.Retraining;

namespace M3.Adaptive.Service.Tests.Retraining;

public sealed class RetrainingDueTests
{
    [Theory]
    [InlineData(null, null, 1000, 1_000_000, null)]
    [InlineData(24, null, 23, 1_000_000, null)]
    [InlineData(24, null, 24, 0, "every")]
    [InlineData(null, 500, 1000, 499, null)]
    [InlineData(null, 500, 0, 500, "500 new audits")]
    [InlineData(24, 500, 1, 500, "500 new audits")]
    public void Reason_AnySettings_IsDueByWhatIsSet(int? everyHours, int? afterAudits, int hours, long audits, string? expected)
    {
        var options = new RetrainingOptions { Every = everyHours is { } every ? TimeSpan.FromHours(every) : null, AfterAudits = afterAudits };

        var reason = RetrainingDue.Reason(TimeSpan.FromHours(hours), audits, options);

        if (expected is null) Assert.Null(reason);
        else Assert.Contains(expected, reason, StringComparison.Ordinal);
    }
}
