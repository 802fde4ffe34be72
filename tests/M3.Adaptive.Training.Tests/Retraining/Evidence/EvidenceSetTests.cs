using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Audits;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Retraining.Demonstration;
using M3.Adaptive.Training.Retraining.Evidence;
using Xunit;

namespace M3.Adaptive.Training.Tests.Retraining.Evidence;

/// <summary>On the committed labels: what decisions, outcomes and audits of known items show.</summary>
public sealed class EvidenceSetTests
{
    private static readonly ModelIdentity Model = Updates.Calibration.Header.Model;

    private static readonly LabelTable Table = Updates.First(Updates.Calibration, 600);

    private static readonly EvidenceOptions Options = new();

    [Fact]
    public void Of_ReferenceAnswers_GivesTheLabelsBack()
    {
        var traffic = Traffic(Table, ReplayedTraffic.Honest);

        var evidence = EvidenceSet.Of(Model, traffic.Decisions, traffic.Audits, Options);

        Assert.Equal(Table.Items.Count, evidence.Audited.Count);
        Assert.All(evidence.Audited, audited => Assert.Equal((LabelSource.Reference, "client", "acme"), (audited.Source, audited.By, audited.Tenant)));
        var labels = Table.Items.ToDictionary(item => item.Id, item => item.Outcomes.Select(outcome => outcome.Right));
        var asked = traffic.Decisions.ToDictionary(decision => $"{decision.DecisionId}", decision => decision.RequestId);
        Assert.All(evidence.Audited, audited => Assert.Equal(labels[asked[audited.Item.Id]], audited.Item.Outcomes.Select(outcome => outcome.Right)));
        Assert.Equal(Table.ImageFeatures[Table.Items[0].Image], evidence.Audited.First(audited => audited.Item.Image == Table.Items[0].Image).Picture);
    }

    [Fact]
    public void Of_NothingSaid_LabelsByAgreementWithTheFinestScale()
    {
        var evidence = Evidence((_, _) => null);

        Assert.All(evidence.Audited, audited =>
        {
            Assert.Equal((LabelSource.Agreement, ""), (audited.Source, audited.By));
            Assert.True(audited.Item.Outcomes[^1].Right);
        });
        Assert.Empty(evidence.Choices);
    }

    [Fact]
    public void Of_Verdicts_LabelsWhatFollowsFromThem()
    {
        var evidence = Evidence(Judging);

        Assert.Equal(Table.Items.Count, evidence.Audited.Count + evidence.Undecided);
        Assert.InRange(evidence.Undecided, 1, Table.Items.Count / 5);
        Assert.Contains(evidence.Audited, audited => audited.Source == LabelSource.Verdict);
        Assert.Contains(evidence.Audited, audited => audited.Source == LabelSource.Agreement);
    }

    [Fact]
    public void Of_Outcomes_KeepsTheGradesApart()
    {
        var decisions = Traffic(Table, Judging).Decisions;

        var evidence = EvidenceSet.Of(Model, decisions, [], Options);

        Assert.Empty(evidence.Audited);
        Assert.Equal(Table.Items.Count, evidence.Choices.Count);
        Assert.Equal(decisions.Count(decision => decision.Path.Count > 1), evidence.Pairs.Count);
        Assert.NotEmpty(evidence.Pairs);
        Assert.All(evidence.Pairs, pair => Assert.True(pair.From < pair.To));
        Assert.Equal(evidence.Pairs.Count(pair => pair.Right), evidence.Escalations?.Right * evidence.Pairs.Count ?? 0, 6);
        Assert.Equal(evidence.Pairs.Average(pair => pair.Forecast) ?? 0, evidence.Escalations?.Forecast ?? 0, 4);
    }

    [Fact]
    public void Of_FlippedFeedback_QuarantinesTheClientAndCountsNothingOfIt()
    {
        var evidence = Evidence(ReplayedTraffic.Poisoned);

        var client = Assert.Single(evidence.Quarantined);
        Assert.Equal("acme/mallory", client.Client);
        Assert.True(client.Contradictions > 0.8 * client.Judged, $"{client}");
        Assert.All(evidence.Audited, audited => Assert.Equal(LabelSource.Agreement, audited.Source));
        Assert.Empty(evidence.Choices);
    }

    [Theory]
    [InlineData("receipt")]
    [InlineData("sign")]
    [InlineData("count")]
    [InlineData("bars")]
    public void Of_HonestFeedbackOnHardQuestions_IsBelieved(string family)
    {
        var table = Updates.Families(Updates.Calibration, family);
        var traffic = Traffic(table, ReplayedTraffic.Honest);

        Assert.Empty(EvidenceSet.Of(Model, traffic.Decisions, traffic.Audits, Options).Quarantined);
    }

    [Fact]
    public void Of_OneClientAmongTenants_LabelsNoMoreThanItsShare()
    {
        var traffic = Traffic(Table, ReplayedTraffic.Honest);
        AuditRecord[] audits = [traffic.Audits[0] with { Tenant = "globex" }, .. traffic.Audits.Skip(1)];

        var evidence = EvidenceSet.Of(Model, traffic.Decisions, audits, Options);

        Assert.Equal(Table.Items.Count, evidence.Audited.Count);
        Assert.InRange(evidence.Audited.Count(audited => audited is { Source: LabelSource.Reference, Tenant: "acme" }), 1, Options.ClientShare * audits.Length);
    }

    [Fact]
    public void Of_AnotherModelsAudits_AreLeftOutAndCounted()
    {
        var traffic = Traffic(Table, (_, _) => null);

        var evidence = EvidenceSet.Of(new ModelIdentity("other", new string('b', 64)), traffic.Decisions, traffic.Audits, Options);

        Assert.Empty(evidence.Audited);
        Assert.Equal(2 * Table.Items.Count, evidence.Foreign);
    }

    private static EvidenceSet Evidence(Func<LabelItem, ScaleOutcome, SaidOutcome?> says)
    {
        var traffic = Traffic(Table, says);
        return EvidenceSet.Of(Model, traffic.Decisions, traffic.Audits, Options);
    }

    private static ReplayedTraffic Traffic(LabelTable table, Func<LabelItem, ScaleOutcome, SaidOutcome?> says) =>
        ReplayedTraffic.Of(table, Updates.Shipped, says, _ => "acme", DateTimeOffset.UnixEpoch);

    private static SaidOutcome Judging(LabelItem item, ScaleOutcome served) => new("client", served.Right ? Verdict.Right : Verdict.Wrong, null);
}
