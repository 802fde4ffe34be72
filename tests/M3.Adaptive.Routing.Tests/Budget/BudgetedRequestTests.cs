using M3.Adaptive.Core;
using M3.Adaptive.Routing.Budget;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Tests.Doubles;
using M3.Adaptive.Routing.Wishes;
using M3.Adaptive.TestKit.Time;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Budget;

/// <summary>Requests of a tenant with a budget, through the real pipeline.</summary>
public sealed class BudgetedRequestTests : IDisposable
{
    private readonly RoutingBench _bench = new();

    private FakeLedger Ledger => _bench.Budgets;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Generate_NoBudget_SaysNothingOfOne() => Assert.Null((await AskAsync()).Budget);

    [Fact]
    public async Task Generate_WithinBudget_SettlesWhatWasChargedWithTheDecision()
    {
        Ledger.Budget = FakeLedger.Tokens(10_000);

        var reply = await AskAsync(Fixed(144));

        Assert.Equal((144, 0), (Ledger.Settled, Ledger.Reserved));
        Assert.Equal((9856, null), (reply.Budget?.Left, reply.Budget?.Ceiling));
    }

    [Fact]
    public async Task Generate_LittleLeft_TakesAScaleThatFitsAndNeverMore()
    {
        Ledger.Budget = FakeLedger.Tokens(40);
        _bench.Predictor.OnJudge = _ => 0;

        var reply = await AskAsync();

        Assert.InRange(reply.Charged.VisualTokens, 1, 40);
        Assert.Equal(reply.Charged.VisualTokens, Ledger.Settled);
    }

    [Fact]
    public async Task Generate_OwnCapIsSmaller_StaysWithinIt()
    {
        Ledger.Budget = FakeLedger.Tokens(1000);
        _bench.Predictor.OnJudge = _ => 0;

        var reply = await _bench.SendAsync(RoutingBench.Ask(tokens: 9));

        Assert.InRange(reply.Charged.VisualTokens, 1, 9);
    }

    [Fact]
    public async Task Generate_BelowTheCheapestScale_IsRefusedWithTheNextWindow()
    {
        Ledger.Budget = FakeLedger.Tokens(1000);
        Ledger.Settled = 900;

        var refused = await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(Fixed(144)));

        Assert.Equal((144, 100, false), (refused.Shortage.Needed, refused.Shortage.Balance.Available, refused.IsHeld));
        Assert.True(refused.Shortage.Balance.WindowEnd > _bench.Clock.GetUtcNow());
        Assert.Empty(_bench.Generator.Ran);
        Assert.Equal(0, _bench.Generator.Held);
    }

    [Fact]
    public async Task Generate_OwnCapTooSmallForAnyScale_IsTheCallersFault()
    {
        Ledger.Budget = FakeLedger.Tokens(1000);

        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => _bench.SendAsync(
            RoutingBench.Ask(flops: 1) with { Question = "q" }));

        Assert.Equal("routing.caps.flops", Assert.Single(refused.Faults).Field);
        Assert.Equal((0, 0), (Ledger.Settled, Ledger.Reserved));
    }

    [Fact]
    public async Task Generate_RestIsReserved_WaitsForItAndIsNotRefused()
    {
        Ledger.Budget = FakeLedger.Tokens(200);
        var running = new TaskCompletionSource();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Generator.OnRun = async (request, _) =>
        {
            entered.TrySetResult();
            if (request.Scale.Tokens == 144) await running.Task;
        };
        var first = AskAsync(Fixed(144));
        await entered.Task.Soon();

        var second = AskAsync(Fixed(144) with { Question = "second" });
        await Assert.ThrowsAsync<BudgetExhaustedException>(() => AskAsync(Fixed(576)));
        await Ledger.Waited.Task.Soon();
        Assert.False(second.IsCompleted);
        Ledger.Budget = FakeLedger.Tokens(300);                               // as an operator may, meanwhile
        running.SetResult();

        await Task.WhenAll(first, second).Soon();
        Assert.Equal((288, 0), (Ledger.Settled, Ledger.Reserved));
    }

    [Fact]
    public async Task Generate_RestStaysReserved_IsRefusedAfterTheWaitingTime()
    {
        Ledger.Budget = FakeLedger.Tokens(200);
        var running = new TaskCompletionSource();
        _bench.Generator.OnRun = (request, _) => request.Question == "first" ? running.Task : Task.CompletedTask;
        var first = AskAsync(Fixed(144) with { Question = "first" });

        var second = AskAsync(Fixed(144));
        await Ledger.Waited.Task.Soon();
        _bench.Clock.Advance(new BudgetOptions().MaxWait);
        await Ledger.ReserveAsync(Tenants.Default, _ => new BudgetWish<int>(1, 0), default);
        Ledger.Settle(new BudgetSettlement((await Ledger.ReserveAsync(Tenants.Default, _ => new BudgetWish<int>(1, 0), default)).Claim!, 0, default));

        Assert.True((await Assert.ThrowsAsync<BudgetExhaustedException>(() => second)).IsHeld);
        running.SetResult();
        await first;
    }

    [Fact]
    public async Task Generate_BeyondTheSoftShare_ClosesFinerScalesAndSaysSo()
    {
        Ledger.Budget = FakeLedger.Tokens(100_000, soft: 0.8);
        Ledger.Settled = 86_000;
        _bench.Predictor.OnJudge = _ => 0;

        var reply = await AskAsync();

        Assert.Equal(36, reply.Budget?.Ceiling?.Tokens);
        Assert.All(reply.Path, step => Assert.InRange(step.Scale.Tokens, 1, 36));
    }

    [Fact]
    public async Task Generate_BeyondTheSoftShareWithAFixedScale_IsStillAnswered()
    {
        Ledger.Budget = FakeLedger.Tokens(100_000, soft: 0.8);
        Ledger.Settled = 90_000;

        var reply = await AskAsync(Fixed(576));

        Assert.Equal((576, null), (reply.Charged.VisualTokens, reply.Budget?.Ceiling));
    }

    [Fact]
    public async Task Generate_CancelledMidway_ChargesWhatRanAndGivesBackTheRest()
    {
        Ledger.Budget = FakeLedger.Tokens(10_000);
        using var source = new CancellationTokenSource();
        _bench.Generator.OnAnswer = _ =>
        {
            source.Cancel();
            return ["a", " b"];
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.SendAsync(Fixed(144), source.Token));
        Assert.Equal((0, 0), (Ledger.Settled, Ledger.Reserved));              // no token had come

        using var later = new CancellationTokenSource();
        _bench.Generator.OnAnswer = _ => new CancellingWords(later);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.SendAsync(Fixed(144), later.Token));
        Assert.Equal((144, 0), (Ledger.Settled, Ledger.Reserved));
    }

    [Fact]
    public async Task Generate_EngineFails_GivesBackWhatDidNotRun()
    {
        Ledger.Budget = FakeLedger.Tokens(10_000);
        _bench.Generator.OnRun = (_, _) => throw new InvalidOperationException("broken");

        Assert.IsType<InvalidOperationException>((await Assert.ThrowsAsync<RouteInterruptedException>(() => AskAsync())).Cause);

        Assert.Equal((0, 0), (Ledger.Settled, Ledger.Reserved));
    }

    [Fact]
    public async Task Generate_DecisionCannotBeKept_IsChargedWithoutIt()
    {
        Ledger.Budget = FakeLedger.Tokens(10_000);
        _bench.Log.OnAppend = _ => throw new StoreUnavailableException("full");

        Assert.IsType<StoreUnavailableException>((await Assert.ThrowsAsync<RouteInterruptedException>(() => AskAsync(Fixed(36)))).Cause);

        Assert.Equal((36, 0), (Ledger.Settled, Ledger.Reserved));
    }

    [Fact]
    public async Task Generate_BudgetInFlops_CountsEncodingOnceWhetherCachedOrNot()
    {
        Ledger.Budget = new TenantBudget(Tenants.Default, BudgetUnit.Megaflops, 1000, TimeSpan.FromHours(1), 1);
        var hash = ImageHash.Of(RoutingBench.Image);

        await AskAsync(Fixed(36));
        var fresh = Ledger.Settled;
        _bench.Generator.Cached.Add(hash);
        await AskAsync(Fixed(36) with { Image = new ImageSource.Cached(hash) });

        Assert.Equal(6, fresh);                                               // 5 for the encoder, 0.038 for the model, rounded up
        Assert.Equal(2 * fresh, Ledger.Settled);
    }

    [Fact]
    public async Task Generate_EconomyWithoutAPrice_FollowsThePaceOfTheBudget()
    {
        Ledger.Budget = FakeLedger.Tokens(20_000);
        var economy = RoutingBench.Ask(new PolicyWish.Economy(null));

        var first = await AskAsync(economy);
        for (var i = 0; i < 100; i++) await AskAsync(Fixed(144));              // far more than lasts
        var later = await AskAsync(economy);

        Assert.Equal(StepReason.Economy, first.Path[0].Reason);
        Assert.True(later.Charged.VisualTokens < first.Charged.VisualTokens, $"{later.Charged} after {first.Charged}");
    }

    [Fact]
    public async Task Route_WithinBudget_ReservesNothing()
    {
        Ledger.Budget = FakeLedger.Tokens(40);

        var reply = await _bench.SendAsync(new RouteQuery { Image = new ImageSource.Bytes(RoutingBench.Image), Question = "what is it" });

        Assert.InRange(reply.Scale.Tokens, 1, 36);
        Assert.Equal((0, 0), (Ledger.Settled, Ledger.Reserved));
    }

    private static GenerateQuery Fixed(int scale) => RoutingBench.Ask(new PolicyWish.Fixed(scale));

    private Task<GenerateReply> AskAsync(GenerateQuery? query = null) => _bench.SendAsync(query ?? RoutingBench.Ask());

    /// <summary>Three words, the second of which is asked for just before the caller leaves.</summary>
    private sealed class CancellingWords(CancellationTokenSource source) : IReadOnlyList<string>
    {
        private int _given;

        public int Count => 3;

        public string this[int index]
        {
            get
            {
                if (_given++ > 0) source.Cancel();
                return "a";
            }
        }

        public IEnumerator<string> GetEnumerator() => Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
