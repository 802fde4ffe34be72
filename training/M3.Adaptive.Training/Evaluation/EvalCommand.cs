using System.CommandLine;
using System.Text.Json;
using M3.Adaptive.CommandLine;
using M3.Adaptive.CommandLine.Values;
using M3.Adaptive.Core;
using M3.Adaptive.Training.Evaluation.Ladder;
using M3.Adaptive.Training.OracleLabelling;
using Spectre.Console;

namespace M3.Adaptive.Training.Evaluation;

/// <summary><c>eval</c>: accuracy of a model at every scale, per family, against the oracles.</summary>
internal static class EvalCommand
{
    private const string ReportJson = "report.json";

    private const string ReportHtml = "report.html";

    private static readonly Option<DirectoryInfo> Model = ShippedModel.Option("A checkpoint folder in the published format.");

    private static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "A folder with pictures and questions.jsonl.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(ShippedModel.Folder, "test")),
    };

    private static readonly Option<int?> Count = new Option<int?>("--count")
    {
        Description = "For a quick look: only so many questions, taken at equal distances through the set.",
        HelpName = "N",
    }.Where(count => count is null or >= 1, "1 or more");

    private static readonly Option<DirectoryInfo[]> Against = new Option<DirectoryInfo[]>("--against")
    {
        Description = "Other model folders to show beside it, as in --against trained/sequential trained/spatial.",
        AllowMultipleArgumentsPerToken = true,
    }.AcceptExistingOnly();

    private static readonly Option<DirectoryInfo> Out = new("--out")
    {
        Description = "Folder of report.html and report.json (default: one of its own under $M3_STATE/eval).",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object on standard output." };

    public static Command Create()
    {
        var command = new Command("eval", "Runs every question of a data set at every scale: accuracy, families, oracles, costs, with plots.") { Model, Data, Count, Against, Out, Json };
        command.SetWork(RunAsync, LadderRun.WhenInterrupted);
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var set = QuestionSet.Read(parsed.GetRequiredValue(Data).FullName);
        if (parsed.GetValue(Count) is { } count) set = set.Thinned(count);
        if (parsed.GetValue(Out) is { } stated) OutputFolder.Require(stated.FullName, "a report of eval", IsOwn);
        using var run = LadderRun.Open(parsed.GetRequiredValue(Model).FullName, set, "eval", LadderRun.Journals);
        var table = await run.RunAsync(cancellation).ConfigureAwait(false);
        var report = LadderReport.Of(table.Items) with
        {
            Axes = AxisShares.Of(table.Items, set),
            NotThere = AbsenceShares.Of(table.Items, set),
            Against = await CompareAsync(parsed.GetValue(Against) ?? [], set, cancellation).ConfigureAwait(false),
        };

        var (name, hash) = (table.Header.Model.Name, table.Header.Model.Hash[..12]);
        var folder = parsed.GetValue(Out)?.FullName ?? Path.Combine(StateFolder.Path, "eval", $"{name}-{hash}-{Path.GetFileName(set.Folder)}");
        var json = JsonSerializer.Serialize(report, JsonSerializerOptions.Web);
        OutputFolder.Write(folder, new Dictionary<string, string> { [ReportJson] = json, [ReportHtml] = LadderPage.Html(report, table, set) });
        run.Finish();
        if (parsed.GetValue(Json)) Console.WriteLine(json);
        else Print(report);
        await Console.Error.WriteLineAsync($"Plots, costs and a gallery: {Path.Combine(folder, ReportHtml)}").ConfigureAwait(false);
    }

    private static bool IsOwn(string entry) =>
        Path.GetFileName(entry) is ReportHtml or ReportJson && LadderReport.IsOne(Path.Combine(Path.GetDirectoryName(entry) ?? "/", ReportJson));

    /// <summary>Other models on the same questions, by the names of their folders, or by the whole paths of those that share one.</summary>
    private static async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, Share>>> CompareAsync(
        DirectoryInfo[] models, QuestionSet set, CancellationToken cancellation)
    {
        var shares = new Dictionary<string, IReadOnlyDictionary<string, Share>>();
        foreach (var model in models)
        {
            using var run = LadderRun.Open(model.FullName, set, "eval", LadderRun.Journals);
            shares[models.Count(other => other.Name == model.Name) > 1 ? model.FullName : model.Name] = LadderReport.Of((await run.RunAsync(cancellation).ConfigureAwait(false)).Items).Scales;
            run.Finish();
        }

        return shares;
    }

    private static void Print(LadderReport report)
    {
        var table = new Table().AddColumn("family");
        foreach (var scale in VisualScale.All) table.AddColumn($"{scale}");
        table.AddRow(["all", .. report.Scales.Values.Select(share => $"{share.Accuracy:P1} ({share.Low:P0} to {share.High:P0})")]);
        foreach (var (family, row) in report.Families) table.AddRow([family, .. row.Values.Select(value => $"{value:P1}")]);
        foreach (var (axis, row) in report.Axes ?? new Dictionary<string, IReadOnlyDictionary<string, double>>())
            table.AddRow([$"{axis} ({row[AxisShares.Items]} items)", .. VisualScale.All.Select(scale => $"{row[$"{scale}"]:P1}")]);
        if (report.NotThere is { } said)
        {
            table.AddRow(["says that it is not there, of what is not", .. said.Values.Select(shares => $"{shares.Absent:P1}")]);
            table.AddRow(["says that it is not there, of what is", .. said.Values.Select(shares => $"{shares.Present:P1}")]);
        }

        foreach (var (model, scales) in report.Against) table.AddRow([$"all, {model}", .. scales.Values.Select(share => $"{share.Accuracy:P1}")]);
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine($"oracle           {report.Oracle.Accuracy:P1} at {report.Oracle.MeanVisualTokens:F1} visual tokens");
        AnsiConsole.WriteLine($"monotone oracle  {report.MonotoneOracle.Accuracy:P1} at {report.MonotoneOracle.MeanVisualTokens:F1} visual tokens");
        AnsiConsole.WriteLine($"first right at   {string.Join(", ", report.FirstRight.Select(pair => $"{pair.Key}: {pair.Value:P1}"))} of {report.Items} items");
    }
}
