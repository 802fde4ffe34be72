using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Tests.Doubles;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Requests;

public sealed class ModelHandlerTests : IDisposable
{
    private readonly RoutingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Send_Question_StatesCostAndRoomOfEveryRungOfTheModel()
    {
        _bench.Generator.Ladder = [VisualScale.Of(9), VisualScale.Of(576)];
        _bench.Generator.ContextRoom = new ContextRoom(500, 1024);

        var reply = await _bench.SendAsync(new ModelQuery("what is it", 10));

        Assert.Equal(
            [new ModelRung(VisualScale.Of(9), Costs.Of(VisualScale.Of(9), 10), true), new ModelRung(VisualScale.Of(576), Costs.Of(VisualScale.Of(576), 10), false)],
            reply.Ladder);
        Assert.Equal((_bench.Generator.Model, 5e6, 144), (reply.Model, reply.EncodeFlops, reply.SafeScale.Tokens));
        Assert.Equal([0.005, 0.01, 0.05], reply.Risks.Select(risk => risk.Risk));
    }

    [Fact]
    public async Task Send_WhileNothingIsPromised_StatesNoRisk()
    {
        _bench.Roster.IsGuaranteed = false;

        Assert.Empty((await _bench.SendAsync(new ModelQuery("", null))).Risks);
    }

    [Fact]
    public async Task Send_NoLength_TakesTheSettingsDefault() =>
        Assert.Equal(Costs.Of(VisualScale.Coarsest, 64), (await _bench.SendAsync(new ModelQuery("", null))).Ladder[0].Cost);

    [Fact]
    public async Task Send_OutOfRange_IsRefusedByName()
    {
        var refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.SendAsync(new ModelQuery(new string('x', 4097), 0)));

        Assert.Equal(["question", "max_new_tokens"], refusal.Faults.Select(fault => fault.Field));
    }
}
