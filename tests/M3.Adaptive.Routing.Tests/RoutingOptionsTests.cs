using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Retries;
using M3.Adaptive.Routing.Tests.Doubles;
using Microsoft.Extensions.Options;
using Xunit;

namespace M3.Adaptive.Routing.Tests;

public sealed class RoutingOptionsTests
{
    [Theory]
    [InlineData("Routing:SafeScale", "100")]
    [InlineData("Routing:Risk", "1.5")]
    [InlineData("Routing:TargetVisualTokens", "0.5")]
    [InlineData("Routing:ExplorationRate", "0.6")]
    [InlineData("Routing:MaxNewTokens", "0")]
    public void Routing_WrongSetting_StopsTheStart(string key, string value) => Refuses<RoutingOptions>(key, value);

    [Theory]
    [InlineData("Routing:Escalation:MaxEscalations", "0")]
    [InlineData("Routing:Escalation:MaxEscalations", "5")]
    public void Escalation_WrongSetting_StopsTheStart(string key, string value) => Refuses<EscalationOptions>(key, value);

    [Theory]
    [InlineData("Routing:Replies:MaxReplies", "0")]
    [InlineData("Routing:Replies:KeepFor", "00:00:00")]
    public void Replies_WrongSetting_StopsTheStart(string key, string value) => Refuses<ReplyOptions>(key, value);

    [Fact]
    public async Task Settings_SafeScale_IsUsed()
    {
        using var bench = new RoutingBench(("Routing:SafeScale", "9"));
        bench.Predictor.OnPredict = _ => null;

        var reply = await bench.SendAsync(RoutingBench.Ask());

        Assert.Equal(9, reply.Path[0].Scale.Tokens);
    }

    [Fact]
    public async Task Settings_Exploration_IsReproducible()
    {
        async Task<int[]> Scales()
        {
            using var bench = new RoutingBench(("Routing:ExplorationRate", "0.5"), ("Routing:ExplorationSeed", "7"));
            List<int> scales = [];
            for (var i = 0; i < 200; i++) scales.Add((await bench.SendAsync(RoutingBench.Ask())).Path[0].Scale.Tokens);
            return [.. scales];
        }

        var first = await Scales();

        Assert.Equal(first, await Scales());
        Assert.Equal(5, first.Distinct().Count());
    }

    private static void Refuses<T>(string key, string value)
        where T : class
    {
        using var bench = new RoutingBench((key, value));

        var exception = Assert.Throws<OptionsValidationException>(() => bench.Get<IOptions<T>>().Value);

        Assert.Contains(key.Split(':')[^1], exception.Message);
    }
}
