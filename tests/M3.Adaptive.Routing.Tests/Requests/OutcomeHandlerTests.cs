using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Requests;

public sealed class OutcomeHandlerTests : IDisposable
{
    private static readonly Guid Decision = Guid.CreateVersion7();

    private readonly RoutingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Send_Verdict_IsKeptForTheTenant()
    {
        await _bench.SendAsync(new OutcomeCommand("tenant-1", "key:1", Decision.ToString(), Verdict.Wrong, Reference: null));

        Assert.Equal(new OutcomeRecord(Decision, "tenant-1", Verdict.Wrong, null, "key:1"), Assert.Single(_bench.Outcomes.Kept));
    }

    [Fact]
    public async Task Send_Reference_IsKeptWithoutAVerdict()
    {
        await _bench.SendAsync(new OutcomeCommand("tenant-1", "key:1", Decision.ToString(), Verdict: null, "seven"));

        Assert.Equal((Verdict.Unknown, "seven"), (_bench.Outcomes.Kept[0].Verdict, _bench.Outcomes.Kept[0].Reference));
    }

    [Fact]
    public async Task Send_DecisionOfAnother_IsNotFound()
    {
        _bench.Outcomes.OnRecord = _ => null;

        var refusal = await Assert.ThrowsAsync<DecisionNotFoundException>(
            () => _bench.SendAsync(new OutcomeCommand("tenant-1", "key:1", Decision.ToString(), Verdict.Right, null)));

        Assert.Equal(Decision, refusal.Id);
    }

    [Theory]
    [InlineData("7", Verdict.Right, null, "decision_id")]
    [InlineData("", Verdict.Right, null, "decision_id")]
    [InlineData(null, null, null, "known")]
    [InlineData(null, (Verdict)(-1), null, "verdict")]
    [InlineData(null, null, "", "reference")]
    public async Task Send_FieldWrong_IsRefusedByNameAndNothingIsKept(string? id, Verdict? verdict, string? reference, string field)
    {
        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => _bench.SendAsync(new OutcomeCommand("tenant-1", "key:1", id ?? Decision.ToString(), verdict, reference)));

        Assert.Equal(field, Assert.Single(refusal.Faults).Field);
        Assert.Empty(_bench.Outcomes.Kept);
    }

    [Fact]
    public async Task Send_ReferenceOfAllowedLengthInEmoji_IsCountedByCharacters()
    {
        var longest = string.Concat(Enumerable.Repeat("\U0001F600", OutcomeCommand.MaxReferenceLength));

        await _bench.SendAsync(new OutcomeCommand("tenant-1", "key:1", Decision.ToString(), null, longest));

        await Assert.ThrowsAsync<InvalidRequestException>(
            () => _bench.SendAsync(new OutcomeCommand("tenant-1", "key:1", Decision.ToString(), null, longest + "a")));
    }
}
