using Google.Protobuf.WellKnownTypes;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Service.Grpc;
using Wire = M3.Adaptive.Contracts.V1;

namespace M3.Adaptive.Service.Tests.Grpc;

public sealed class BudgetMappingTests
{
    [Fact]
    public void ToBudget_LimitAlone_CountsVisualTokensADayAndClosesNothing() =>
        Assert.Equal(
            new TenantBudget("a", BudgetUnit.VisualTokens, 0, TimeSpan.FromDays(1), 1), BudgetMapping.ToBudget("a", new Wire.Budget { Limit = 0 }));

    [Fact]
    public void ToBudget_OfAWireBudget_IsTheSameAgain()
    {
        var budget = new TenantBudget("a", BudgetUnit.Megaflops, 700, TimeSpan.FromHours(1), 0.8);

        Assert.Equal(budget, BudgetMapping.ToBudget("a", BudgetMapping.ToWire(budget)));
    }

    [Fact]
    public void ToBudget_EveryFieldWrong_NamesThemAll()
    {
        var wrong = new Wire.Budget { Unit = (Wire.BudgetUnit)9, Window = new Duration { Seconds = 1, Nanos = 1 }, SoftShare = 0 };

        var refusal = Assert.Throws<InvalidRequestException>(() => BudgetMapping.ToBudget("a", wrong));

        Assert.Equal(["budget.unit", "budget.limit", "budget.window", "budget.soft_share"], refusal.Faults.Select(fault => fault.Field));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    public void TenantOf_NoName_IsRefused(string text) => Assert.Throws<InvalidRequestException>(() => BudgetMapping.TenantOf(text));
}
