using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Files;

namespace M3.Adaptive.EndToEnd.Tests.Training;

/// <summary><c>predictor retrain</c> on a state folder, with the shipped model and no service.</summary>
public sealed class RetrainTests : IDisposable
{
    private static readonly string Program = BuiltProgram.Find("M3.Adaptive.Training");

    private static readonly string Model = Path.Combine(RepositoryRoot.Path, "models", "m3-nano");

    private readonly TemporaryFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task Retrain_Audits_RegistersAVersionWithTheGatesReport()
    {
        WrittenAudits.Write(_state.Path, 1400);

        var ended = await RunAsync("--traffic-alone", "--trees", "10", "--json");

        var result = ended.Json;
        var passed = (bool?)result["passed"] ?? throw new InvalidDataException(ended.Error);
        Assert.Equal(passed ? 0 : 2, ended.ExitCode);
        Assert.Equal((2, 1), ((int?)result["version"], (int?)result["champion"]));
        Assert.Equal(passed, result["checks"]!.AsArray().All(check => (bool?)check?["passed"] == true));
        Assert.Equal(1400, (double?)result["figures"]?["audits labelled by agreement"]);
        var version = Path.Combine(Directory.EnumerateDirectories(_state.Combine("predictors")).Single(), "versions", "2");
        Assert.True(File.Exists(Path.Combine(version, "manifest.json")));
        Assert.True(File.Exists(Path.Combine(version, "drift.json")));
    }

    [Fact]
    public async Task Retrain_NothingAudited_SaysWhatToDoAndRegistersNothing()
    {
        var ended = await RunAsync();

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("Audit:Share", ended.Error, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(Directory.EnumerateDirectories(_state.Combine("predictors")).Single(), "versions")));
    }

    [Fact]
    public async Task Retrain_DamagedAudit_NamesFileAndLine()
    {
        WrittenAudits.Write(_state.Path, 3);
        File.AppendAllText(Directory.EnumerateFiles(_state.Combine("audits"), "*.jsonl", SearchOption.AllDirectories).Single(), "{\"decisionId\": 1}\n");

        var ended = await RunAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("audits.jsonl, line 4", ended.Error, StringComparison.Ordinal);
    }

    private Task<Finished> RunAsync(params string[] arguments) => Finished.RunAsync(
        "dotnet", [Program, "predictor", "retrain", "--model", Model, .. arguments],
        environment: new Dictionary<string, string?> { ["M3_STATE"] = _state.Path }, limit: TimeSpan.FromMinutes(8));
}
