using System.Text.Json.Nodes;
using Google.Protobuf;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Cli;

/// <summary>models/m3-nano as a user meets it: weights, predictor and test pictures that belong together.</summary>
public sealed class ShippedModelTests
{
    private static readonly string Model = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");

    [Fact]
    public async Task Demo_SixtyQuestions_BeatsOneTokenAndSpendsFarLessThanTheFinest()
    {
        string[] demo = [BuiltProgram.Cli, "demo", "--model", Model, "--count", "63", "--json"];
        var ended = await Finished.RunAsync("dotnet", demo, limit: TimeSpan.FromMinutes(10));      // half a minute alone, several beside other tests

        Assert.Equal(0, ended.ExitCode);
        var requests = ended.Json["requests"]?.AsArray() ?? [];
        Assert.Equal(63, requests.Count);
        Assert.Equal(9, requests.Select(request => (string?)request?["family"]).Distinct().Count());
        Assert.True(Number(ended.Json, "accuracy") >= Number(ended.Json, "accuracyCoarsest") + 0.05, ended.Output);
        Assert.True(Number(ended.Json, "visualTokenShare") < 0.7, ended.Output);
        Assert.True(requests.Select(request => (int?)request?["path"]?.AsArray()[^1]?["scale"]).Distinct().Count() >= 3, ended.Output);
    }

    [Fact]
    public async Task Ask_QuestionInCapitals_IsAnsweredAsInLowerCase()
    {
        const string question = "what is the price of milk";

        var plain = await AskAsync(question);
        var capitals = await AskAsync(question.ToUpperInvariant());

        Assert.NotNull((string?)plain["predictor"]);                              // bound to the model's hash, of which the field is no part
        foreach (var key in (string[])["answer", "chargedVisualTokens"]) Assert.Equal($"{plain[key]}", $"{capitals[key]}");
        Assert.Equal((double)plain["logProbability"]!, (double)capitals["logProbability"]!, 0.01);   // each start measures which arithmetic is quicker
        Assert.Equal($"{plain["path"]?[0]?["predictedSuccess"]}", $"{capitals["path"]?[0]?["predictedSuccess"]}");
    }

    [Fact]
    public async Task Service_ShippedPredictor_KeepsItsPromisesToEveryPolicy()
    {
        await using var service = await ServiceProcess.StartAsync(Model);
        var picture = ByteString.CopyFrom(await File.ReadAllBytesAsync(Path.Combine(Model, "samples", "bars.png")));

        var quality = await AskAsync(new RoutingOptions());
        var strict = await AskAsync(new RoutingOptions { Quality = new QualityPolicy { Risk = 0.0001 } });
        var between = await AskAsync(new RoutingOptions { Quality = new QualityPolicy { Risk = 0.04 } });
        var cheap = await AskAsync(new RoutingOptions { Target = new TargetPolicy { MeanVisualTokens = 1 } });
        var free = await AskAsync(new RoutingOptions { Economy = new EconomyPolicy { PricePerGigaflop = 0 } });
        var dear = await AskAsync(new RoutingOptions { Economy = new EconomyPolicy { PricePerSecond = 1000 } });

        Assert.Equal((StepReason.Quality, 0.01), (quality.Path[0].Reason, quality.Decision.GuaranteedRisk));
        Assert.Equal((StepReason.NoGuarantee, 576L, false), (strict.Path[0].Reason, strict.Charged.VisualTokens, strict.Decision.HasGuaranteedRisk));
        Assert.Equal(0.03, between.Decision.GuaranteedRisk);
        Assert.Equal((StepReason.Target, 1L), (cheap.Path[0].Reason, cheap.Charged.VisualTokens));
        Assert.Equal(StepReason.Economy, free.Path[0].Reason);
        Assert.Equal(1, dear.Charged.VisualTokens);
        Assert.All([quality, between, cheap, free, dear], reply =>
        {
            Assert.Equal(5, reply.Path[0].Weighed.Count);
            Assert.Equal(reply.Path[0].Scale, reply.Path[0].Weighed.MaxBy(option => option.Value)?.Scale);
            Assert.All(reply.Path, step => Assert.True(step is { HasPredictedSuccess: true, HasConfidence: true, HasExpectedGain: true }, $"{step}"));
        });

        Task<GenerateResponse> AskAsync(RoutingOptions routing) => service.Client.GenerateAsync(
            new GenerateRequest { Image = new Image { Data = picture }, Question = "how much is the red bar?", Routing = routing }).ResponseAsync.Soon();
    }

    [Fact]
    public async Task Ask_EachPolicyByItsOption_SaysWhyItsScaleWasTaken()
    {
        await using var service = await ServiceProcess.StartAsync(Model);

        Assert.Equal("quality", await ReasonAsync("--risk", "0.03"));
        Assert.Equal("target", await ReasonAsync("--target", "40"));
        Assert.Equal("economy", await ReasonAsync("--price", "0.001"));
        Assert.Equal("economy", await ReasonAsync("--price-per-gflop", "0.001"));
        Assert.Equal("economy", await ReasonAsync("--price-per-second", "0.001"));

        async Task<string?> ReasonAsync(string option, string value)
        {
            string[] ask = [BuiltProgram.Cli, "ask", Path.Combine(Model, "samples", "bars.png"), "how much is the red bar?", option, value];
            return (string?)(await Finished.DotNetAsync([.. ask, "--server", service.Address.GetLeftPart(UriPartial.Authority), "--json"])).Json["path"]?[0]?["reason"];
        }
    }

    [Fact]
    public async Task Ask_OutsideWhatTheModelIsMadeFor_SaysSoInWordsAndIsCounted()
    {
        await using var service = await ServiceProcess.StartAsync(Model);
        var address = service.Address.GetLeftPart(UriPartial.Authority);
        string[] strange = ["ask", Path.Combine(Model, "samples", "receipt.png"), "should one plough before the second frost of an uncommonly bitter november", "--server", address];
        await Finished.DotNetAsync(BuiltProgram.Cli, "ask", Path.Combine(Model, "samples", "receipt.png"), "what is the price of milk", "--server", address);

        var told = await Finished.DotNetAsync([BuiltProgram.Cli, .. strange]);
        var json = await Finished.DotNetAsync([BuiltProgram.Cli, .. strange, "--json"]);
        var status = await Finished.DotNetAsync(BuiltProgram.Cli, "status", "--server", address, "--json");

        Assert.Contains("outside what the model was made for", told.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.True((bool?)json.Json["unfamiliar"]);
        Assert.Equal((3, 2), ((int?)status.Json["answers"], (int?)status.Json["unfamiliar"]));
    }

    private static async Task<JsonNode> AskAsync(string question) =>
        (await Finished.DotNetAsync(BuiltProgram.Cli, "ask", Path.Combine(Model, "samples", "receipt.png"), question, "--model", Model, "--json")).Json;

    private static double Number(JsonNode report, string key) => (double?)report[key] ?? double.NaN;
}
