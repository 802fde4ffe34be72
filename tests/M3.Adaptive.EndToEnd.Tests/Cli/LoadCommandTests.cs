using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Cli;

/// <summary><c>./m3 load</c> against a real service with the tiny model.</summary>
[Collection(ServiceCollection.Name)]
public sealed class LoadCommandTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("m3-load-");
    private readonly RunningService _service;

    public LoadCommandTests(RunningService service)
    {
        _service = service;
        File.WriteAllBytes(Path.Combine(_data.FullName, "picture.png"), service.PictureBytes);
        File.WriteAllText(Path.Combine(_data.FullName, "text.png"), "no picture");
        WriteQuestions(("picture.png", "colour"), ("picture.png", "sign"));
    }

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task Load_MixOfScales_ReportsWhatWasAskedAndCharged()
    {
        string[] arguments = ["--requests", "24", "--rate", "60", "--mix", "1=1,36=1", "--seed", "5", "--server", _service.Address];

        var first = (await LoadAsync(arguments)).Json;
        var second = (await LoadAsync(arguments)).Json;

        Assert.Equal((24, 24, "{}"), ((int?)first["requests"], (int?)first["answered"], $"{first["errors"]}"));
        var (coarse, fine) = ((int?)first["scales"]?["1"], (int?)first["scales"]?["36"]);
        Assert.True(coarse > 0 && fine > 0 && coarse + fine == 24, $"{first["scales"]}");
        Assert.Equal(coarse + (36 * fine), (int?)first["chargedVisualTokens"]);
        Assert.True((double?)first["throughput"] > 0);
        Assert.True((double?)first["latencyMs"]?["p50"] is { } half and > 0 && half <= (double?)first["latencyMs"]?["p95"]);
        Assert.True((double?)first["latencyMs"]?["p95"] <= (double?)first["latencyMs"]?["p99"]);
        Assert.Null(first["firstTokenMs"]);
        Assert.Equal($"{first["scales"]}", $"{second["scales"]}");
    }

    [Fact]
    public async Task Load_Streamed_TimesTheFirstText()
    {
        var report = (await LoadAsync("--requests", "6", "--rate", "60", "--scale", "9", "--stream", "--server", _service.Address)).Json;

        Assert.Equal(6, (int?)report["answered"]);
        Assert.True((double?)report["firstTokenMs"]?["p50"] is { } first and > 0 && first <= (double?)report["latencyMs"]?["p50"]);
    }

    [Fact]
    public async Task Load_PictureThatIsNone_IsCountedByItsStatus()
    {
        WriteQuestions(("picture.png", "colour"), ("text.png", "sign"));

        var ended = await LoadAsync("--requests", "20", "--rate", "100", "--scale", "1", "--families", "colour=1,sign=1", "--server", _service.Address);

        Assert.Equal(0, ended.ExitCode);
        var refused = (int?)ended.Json["errors"]?["INVALID_ARGUMENT"];
        Assert.True(refused > 0);
        Assert.Equal(20 - refused, (int?)ended.Json["answered"]);
        Assert.Contains("image.data", (string?)ended.Json["errorDetails"]?["INVALID_ARGUMENT"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_NothingAnswered_ReportsAndFails()
    {
        WriteQuestions(("text.png", "sign"));

        var ended = await LoadAsync("--requests", "3", "--rate", "100", "--server", _service.Address);

        Assert.Equal((1, 3), (ended.ExitCode, (int?)ended.Json["errors"]?["INVALID_ARGUMENT"]));
        Assert.Contains("no request was answered", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_ForPeople_FitsSixtyColumnsOfAPrivateService()
    {
        var ended = await Finished.DotNetAsync(
            BuiltProgram.Cli, "load", "--model", _service.ModelFolder, "--data", _data.FullName, "--requests", "4", "--rate", "50", "--max-new-tokens", "2");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("latency", ended.Output, StringComparison.Ordinal);
        Assert.Contains("144: 4", ended.Output, StringComparison.Ordinal);
        Assert.All(ended.Output.Split('\n'), line => Assert.True(line.Length <= 60, line));
    }

    [Theory]
    [InlineData("--families unheard-of=1", "colour, sign")]
    [InlineData("--mix 10=1", "auto, 1, 9, 36, 144, 576")]
    [InlineData("--mix 9=1 --scale 36", "--scale")]
    public async Task Load_WrongMix_SaysWhatThereIs(string arguments, string named)
    {
        var ended = await LoadAsync([.. arguments.Split(' '), "--server", _service.Address]);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(named, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_NobodyListens_SaysHowToStartAService()
    {
        var ended = await LoadAsync("--server", "127.0.0.1:1");

        Assert.Equal((1, "m3: no service answers at http://127.0.0.1:1: start one with ./m3 serve\n"), (ended.ExitCode, ended.Error));
    }

    [Fact]
    public async Task Load_CtrlC_EndsWithExitCode130AndWithoutAReport()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var start = new ProcessStartInfo("dotnet", [BuiltProgram.Cli, "load", "--data", _data.FullName, "--server", $"{silent.LocalEndpoint}", "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
        using var connection = await silent.AcceptTcpClientAsync().Soon();

        Process.Start("kill", ["-INT", $"{process.Id}"]).Dispose();

        await process.WaitForExitAsync().Soon();
        Assert.Equal((130, ""), (process.ExitCode, await process.StandardOutput.ReadToEndAsync()));
        Assert.Contains("interrupted", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private Task<Finished> LoadAsync(params string[] arguments) => Finished.DotNetAsync(
        [BuiltProgram.Cli, "load", "--data", _data.FullName, "--max-new-tokens", "4", "--warm-up", "2", "--json", .. arguments]);

    private void WriteQuestions(params (string Picture, string Family)[] questions) => File.WriteAllLines(
        Path.Combine(_data.FullName, "questions.jsonl"),
        questions.Select((question, index) => JsonSerializer.Serialize(new
        {
            question_id = index,
            image = question.Picture,
            text = "what is it",
            answers = (string[])["no answer of this model"],
            category = question.Family,
        })));
}
