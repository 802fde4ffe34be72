using System.Text.Json.Nodes;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit;

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
        foreach (var key in (string[])["answer", "logProbability", "chargedVisualTokens"]) Assert.Equal($"{plain[key]}", $"{capitals[key]}");
        Assert.Equal($"{plain["path"]?[0]?["predictedSuccess"]}", $"{capitals["path"]?[0]?["predictedSuccess"]}");
    }

    private static async Task<JsonNode> AskAsync(string question) =>
        (await Finished.DotNetAsync(BuiltProgram.Cli, "ask", Path.Combine(Model, "samples", "receipt.png"), question, "--model", Model, "--json")).Json;

    private static double Number(JsonNode report, string key) => (double?)report[key] ?? double.NaN;
}
