using M3.Adaptive.Routing.Wishes;
using M3.Adaptive.Service.Web.OpenAi;

namespace M3.Adaptive.Service.Tests.Web.OpenAi;

public sealed class ChatWishesTests
{
    [Fact]
    public void ToRouting_NothingStated_LeavesAllToTheRouter() => Assert.Equal(RoutingWish.Default, ChatWishes.ToRouting(Of(Detail.Auto)));

    [Fact]
    public void ToRouting_Low_CapsTheWholeCharge() => Assert.Equal((null, 36L), Chosen(Of(Detail.Low)));

    [Fact]
    public void ToRouting_High_IsTheFinestScale() => Assert.Equal((new PolicyWish.Fixed(576), null), Chosen(Of(Detail.High)));

    [Fact]
    public void ToRouting_HighWithACap_IsTheRoutersWithinIt() => Assert.Equal((null, 200L), Chosen(Of(Detail.High) with { MaxVisualTokens = 200 }));

    [Fact]
    public void ToRouting_LowWithACap_IsTheCapStated() => Assert.Equal((null, 200L), Chosen(Of(Detail.Low) with { MaxVisualTokens = 200 }));

    [Fact]
    public void ToRouting_LowWithARisk_KeepsTheCap() => Assert.Equal((new PolicyWish.Quality(0.1), 36L), Chosen(Of(Detail.Low) with { Risk = 0.1 }));

    [Fact]
    public void ToRouting_HighWithARisk_IsTheRoutersAtThatRisk() => Assert.Equal((new PolicyWish.Quality(0.1), null), Chosen(Of(Detail.High) with { Risk = 0.1 }));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 9)]
    [InlineData(144, 144)]
    [InlineData(145, 576)]
    public void ToRouting_LeastTokens_AreTheFirstScaleThatHasThem(int stated, int scale) =>
        Assert.Equal(scale, ChatWishes.ToRouting(Of(Detail.Low) with { MinVisualTokens = stated }).MinScale);

    private static ChatRequest Of(Detail detail) => new() { Model = "m", Question = "q", Picture = default, Detail = detail };

    private static (PolicyWish?, long?) Chosen(ChatRequest request)
    {
        var wish = ChatWishes.ToRouting(request);
        return (wish.Policy, wish.Caps.VisualTokens);
    }
}
