using System.Text.RegularExpressions;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Serving.Checkpoints;

namespace M3.Adaptive.EndToEnd.Tests.Cli;

[Collection(ServiceCollection.Name)]
public sealed class CliTests(RunningService service)
{
    [Fact]
    public async Task Ask_RunningService_AnswersAsOneJsonObject()
    {
        var ended = await AskAsync(service.Picture, "what is it", "--server", service.Address, "--max-new-tokens", "8", "--json");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        var answer = ended.Json;
        Assert.Equal(144, (int?)answer["chargedVisualTokens"]);
        var step = Assert.Single(answer["path"]?.AsArray() ?? []);
        Assert.Equal((144, "safeScale"), ((int?)step?["scale"], (string?)step?["reason"]));
        Assert.All((string[])["encode", "prefill", "decode"], phase => Assert.True((double?)answer["seconds"]?[phase] >= 0));
        Assert.True((double?)answer["logProbability"] < 0);
        Assert.NotEmpty((string?)answer["model"] ?? "");
        Assert.NotNull((string?)answer["answer"]);
        Assert.True(answer.AsObject().ContainsKey("predictor"));
        Assert.Null(answer["predictor"]);
    }

    [Fact]
    public async Task Ask_WithModel_AnswersFromAPrivateService()
    {
        var ended = await AskAsync(service.Picture, "what is it", "--model", service.ModelFolder, "--scale", "9", "--max-new-tokens", "4", "--json");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(9, (int?)ended.Json["chargedVisualTokens"]);
    }

    [Fact]
    public async Task Ask_PredictorDamaged_SaysWhyTheSafeScaleIsUsed()
    {
        using var checkpoint = TinyCheckpoint.Create();
        var manifest = Path.Combine(Directory.CreateDirectory(Path.Combine(checkpoint.Folder, "predictor")).FullName, "manifest.json");
        File.WriteAllText(manifest, "not JSON");

        var state = new Dictionary<string, string?> { ["M3_STATE"] = Path.Combine(checkpoint.Folder, "state") };    // other models' predictors are told of, too
        var ended = await Finished.RunAsync(
            "dotnet", [BuiltProgram.Cli, "ask", service.Picture, "what is it", "--model", checkpoint.Folder, "--max-new-tokens", "4", "--json"], environment: state);

        Assert.Equal((0, 144), (ended.ExitCode, (int?)ended.Json["chargedVisualTokens"]));
        var line = Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("m3: No usable predictor, every question is asked at 144 visual tokens: ", line, StringComparison.Ordinal);
        Assert.Contains(manifest, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ForPeople_ShowsThePathAndTheCost()
    {
        var ended = await AskAsync(service.Picture, "what is it", "--server", service.Address, "--scale", "36", "--max-new-tokens", "4");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("fixed", ended.Output, StringComparison.Ordinal);
        Assert.Contains("charged 36 visual tokens", ended.Output, StringComparison.Ordinal);
        Assert.Contains("(cut: --max-new-tokens", ended.Output, StringComparison.Ordinal);      // the tiny model never ends an answer
        // This model says anything, letters without width included: the rules are as wide as the rows.
        Assert.All(ended.Output.Split('\n').Where(line => line.All(letter => letter is '\u2500' or (>= ' ' and <= '~'))), line => Assert.True(line.Length <= 60, line));
    }

    [Fact]
    public async Task Ask_Stream_PrintsTheSameTextAndTheRouteBehindIt()
    {
        string[] question = [service.Picture, "what is it", "--server", service.Address, "--scale", "36", "--max-new-tokens", "12"];

        var whole = await AskAsync(question);
        var streamed = await AskAsync([.. question, "--stream"]);

        Assert.Equal((0, ""), (streamed.ExitCode, streamed.Error));
        Assert.Equal(whole.Output.Split('\n')[0], streamed.Output.Split('\n')[0]);
        Assert.Contains("charged 36 visual tokens", streamed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_StreamAsJson_IsWrongUse() => AssertRefused(
        await AskAsync(service.Picture, "what", "--server", service.Address, "--stream", "--json"), "give only one of them");

    [Fact]
    public async Task Ask_CapsGiven_StaysWithinThem()
    {
        var ended = await AskAsync(
            service.Picture, "what is it", "--server", service.Address, "--max-visual-tokens", "20", "--max-new-tokens", "4", "--json");

        Assert.Equal(9, (int?)ended.Json["chargedVisualTokens"]);
    }

    [Fact]
    public async Task Ask_ServiceThatCanKeepNothing_SaysWhatTheServiceSays()
    {
        using var checkpoint = TinyCheckpoint.Create();
        await using var broken = await ServiceProcess.StartAsync(checkpoint.Folder);
        broken.BreakStore();

        var ended = await AskAsync(service.Picture, "what is it", "--server", $"{broken.Address}", "--max-new-tokens", "4");

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("cannot keep decisions", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_MissingFolder_NamesIt() => AssertRefused(
        await AskAsync(service.Picture, "what", "--model", "/no/such/folder"), "/no/such/folder");

    [Theory]
    [InlineData("https://example.com/a.jpg")]
    [InlineData("file:///tmp/a.png")]
    [InlineData("data:image/png;base64,AAAA")]
    public async Task Ask_Url_SaysThatItIsNotFetched(string url) => AssertRefused(
        await AskAsync(url, "what", "--server", service.Address), "URLs are not fetched");

    [Fact]
    public async Task Ask_MissingPicture_NamesIt() => AssertRefused(
        await AskAsync("/no/picture.png", "what", "--server", service.Address), "/no/picture.png");

    [Fact]
    public async Task Ask_TextFile_SaysThatItIsNoPicture() => AssertRefused(
        await AskAsync(service.TextFile, "what", "--server", service.Address), "image.data");

    [Fact]
    public async Task Ask_BadScale_ListsTheLadder() => AssertRefused(
        await AskAsync(service.Picture, "what", "--scale", "10", "--server", service.Address), "'144'");

    [Fact]
    public async Task Ask_CapOfNothing_NamesTheSmallestCost() => AssertRefused(
        await AskAsync(service.Picture, "what", "--max-visual-tokens", "0", "--server", service.Address), "smallest possible cost of 1");

    [Fact]
    public async Task Ask_CapBelowTheFixedScale_NamesBoth() => AssertRefused(
        await AskAsync(service.Picture, "what", "--scale", "576", "--max-visual-tokens", "100", "--server", service.Address), "576");

    [Fact]
    public async Task Ask_FlopsBelowTheSmallestCost_NamesIt() => AssertRefused(
        await AskAsync(service.Picture, "what", "--max-flops", "10", "--server", service.Address), "smallest possible cost");

    [Fact]
    public async Task Ask_FlopsThatTheRefusalNames_AreEnough()
    {
        var refused = await AskAsync(service.Picture, "what", "--max-flops", "10", "--server", service.Address);
        var named = Regex.Match(refused.Error, @"--max-flops: is 10, below the smallest possible cost of (\S+) ").Groups[1].Value;

        var answered = await AskAsync(service.Picture, "what", "--max-flops", named, "--no-escalation", "--server", service.Address);

        Assert.Equal((0, ""), (answered.ExitCode, answered.Error));
    }

    [Fact]
    public async Task Ask_WrongValues_NamesTheOptionsAndNotTheContractsFields()
    {
        var ended = await AskAsync(service.Picture, "what", "--risk", "2", "--temperature", "9", "--max-new-tokens", "0", "--server", service.Address);

        Assert.Equal(2, ended.ExitCode);
        Assert.All((string[])["--risk", "--temperature", "--max-new-tokens"], option => Assert.Contains(option, ended.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("routing.", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("decoding.", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_Device_SaysThatItHoldsNoBytes() => AssertRefused(
        await AskAsync("/dev/zero", "what", "--server", service.Address), "holds no bytes");

    [Fact]
    public async Task Ask_FileLargerThanAnyServiceTakes_IsRefusedBeforeItIsRead()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.Create(folder.Combine("large.png"))) file.SetLength(1_900_000_000);  // takes no room: nothing is written

        AssertRefused(await AskAsync(folder.Combine("large.png"), "what", "--server", service.Address), "1900000000 bytes");
    }

    [Fact]
    public async Task Ask_EmptyQuestion_NamesTheField() => AssertRefused(
        await AskAsync(service.Picture, "", "--server", service.Address), "question");

    [Fact]
    public async Task Ask_TwoPolicies_AsksForOne() => AssertRefused(
        await AskAsync(service.Picture, "what", "--scale", "9", "--risk", "0.1", "--server", service.Address), "--scale, --risk, --target and the prices");

    [Fact]
    public async Task Ask_ServerAndModel_AsksForOne() => AssertRefused(
        await AskAsync(service.Picture, "what", "--server", service.Address, "--model", service.ModelFolder), "only one");

    [Fact]
    public async Task Ask_CapThatIsNoNumber_SaysSo() => AssertRefused(
        await AskAsync(service.Picture, "what", "--max-visual-tokens", "few"), "--max-visual-tokens is 'few'; expected a whole number");

    [Fact]
    public async Task Ask_BadAddress_ShowsAGoodOne() => AssertRefused(
        await AskAsync(service.Picture, "what", "--server", "::"), "http://127.0.0.1:50051");

    [Fact]
    public async Task Ask_NobodyListens_SaysHowToStartAService()
    {
        var ended = await AskAsync(service.Picture, "what", "--server", "127.0.0.1:1");

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal("m3: no service answers at http://127.0.0.1:1: start one with ./m3 serve\n", ended.Error);
    }

    [Fact]
    public async Task Status_RunningService_NamesItsModel()
    {
        var ended = await Finished.DotNetAsync(BuiltProgram.Cli, "status", "--server", service.Address, "--json");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.True((bool?)ended.Json["serving"]);
        Assert.StartsWith(Path.GetFileName(service.ModelFolder) + "@", (string?)ended.Json["model"], StringComparison.Ordinal);
        Assert.Null(ended.Json["predictor"]);
    }

    [Fact]
    public async Task Status_NobodyListens_FailsInOneLine()
    {
        var ended = await Finished.DotNetAsync(BuiltProgram.Cli, "status", "--server", "127.0.0.1:1");

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static Task<Finished> AskAsync(params string[] arguments) => Finished.DotNetAsync([BuiltProgram.Cli, "ask", .. arguments]);

    private static void AssertRefused(Finished ended, string named)
    {
        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        var line = Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("m3: ", line, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
    }
}
