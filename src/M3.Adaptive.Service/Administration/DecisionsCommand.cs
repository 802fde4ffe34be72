using System.CommandLine;
using System.Globalization;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Store.Decisions;

namespace M3.Adaptive.Service.Administration;

/// <summary><c>decisions export</c> and <c>decisions import</c>: what was decided, as a file.</summary>
internal static class DecisionsCommand
{
    private const int ReadAtOnce = 1000;

    public static Command Create() => new("decisions", "What the service has decided: writes it to a file, or reads earlier versions' files.") { Export(), Import() };

    private static Command Export()
    {
        var format = new Option<string>("--format") { Description = "One JSON object a line, or Apache Parquet.", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong("jsonl", "parquet");
        var to = new Option<string>("--out") { Description = "File to write; an existing one is replaced once the new one is complete.", HelpName = "FILE", Required = true };
        var from = TimeOption("--from", "Earliest decision (else the first one kept), as in 2030-01-31 or 2030-01-31T12:00:00Z; UTC.");
        var until = TimeOption("--until", "Decisions before this time only (else all).");
        var access = new StoreAccess();
        var command = new Command("export", "Writes decisions with what they were made from, oldest first.") { format, to, from, until, access.Option };
        command.SetWork(
            (parsed, cancellation) => access.UseAsync(
                parsed,
                async (store, stop) =>
                {
                    var file = Path.GetFullPath(parsed.GetRequiredValue(to));
                    var decisions = store.Decisions.ReadAsync(parsed.GetValue(from), parsed.GetValue(until), stop);
                    var count = await DecisionExport.WriteAsync(decisions, file, parsed.GetRequiredValue(format) == "parquet" ? ExportFormat.Parquet : ExportFormat.JsonLines, stop);
                    Console.Error.WriteLine($"m3: {count} decisions of {store.Place} are in {file}");
                },
                cancellation),
            whenInterrupted: "nothing was written");
        return command;
    }

    private static Command Import()
    {
        var from = new Option<string?>("--from")
        {
            Description = "Folder with *.jsonl files (else the folder decisions of the state folder, where earlier versions wrote them).",
            HelpName = "DIR",
        };
        var access = new StoreAccess();
        var command = new Command("import", "Reads decisions that earlier versions wrote to files; what is there already is left as it is.") { from, access.Option };
        command.SetWork((parsed, cancellation) => access.UseAsync(
            parsed,
            async (store, stop) =>
            {
                var folder = parsed.GetValue(from) ?? Path.Combine(StateFolder.Path, "decisions");
                if (!Directory.Exists(folder)) throw new CommandException($"there is no folder {folder}: name one by --from");
                int read = 0, added = 0;
                foreach (var chunk in Directory.EnumerateFiles(folder, "*.jsonl").Order().SelectMany(DecisionFile.Read).Chunk(ReadAtOnce))
                {
                    added += await store.Decisions.AddAsync(chunk, stop);
                    read += chunk.Length;
                }

                Console.Error.WriteLine($"m3: {added} of {read} decisions in {folder} were new to {store.Place}; the files can be deleted");
            },
            cancellation));
        return command;
    }

    private static Option<DateTimeOffset?> TimeOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = static result =>
        {
            var text = result.Tokens.Single().Value;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
            result.AddError($"'{text}' is no time; expected one such as 2030-01-31 or 2030-01-31T12:00:00Z.");
            return null;
        },
    };
}
