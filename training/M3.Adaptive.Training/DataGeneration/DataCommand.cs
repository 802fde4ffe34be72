using System.CommandLine;
using System.Text.Json;
using M3.Adaptive.CommandLine;
using M3.Adaptive.CommandLine.Values;
using M3.Adaptive.Training.DataGeneration.Axes;
using M3.Adaptive.Training.DataGeneration.Strange;
using Spectre.Console;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>The "data" command: looks at generated pictures and writes data sets.</summary>
public static class DataCommand
{
    /// <summary>Progress goes here, so that standard output holds results only.</summary>
    private static readonly IAnsiConsole StandardError = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    private const string AtLeastOne = "1 or more";

    /// <summary>The data set that training uses.</summary>
    public const ulong DefaultSeed = 1;

    public static Command Create()
    {
        var data = new Command("data", "Look at generated pictures, or write them as a data set.");
        data.Subcommands.Add(CreateShow());
        data.Subcommands.Add(CreateExport());
        data.Subcommands.Add(CreateSamples());
        data.Subcommands.Add(StrangeCommand.Create());
        data.Subcommands.Add(CreateAxes());
        return data;
    }

    private static Command CreateShow()
    {
        var count = new Argument<int>("count") { Description = "How many pictures.", DefaultValueFactory = _ => 12 }.Where(IsAtLeastOne, AtLeastOne);
        var split = SplitOption(Split.Train);
        var seed = SeedOption();
        var output = new Option<FileInfo>("--out") { Description = "PNG file to write; a new one.", DefaultValueFactory = _ => new("contact-sheet.png") };
        var kind = new Option<string?>("--kind") { Description = $"Only one kind of picture: {string.Join(", ", Kinds.Asked)} or {Kinds.Packed}." };
        var style = StyleOption();
        kind.AcceptOnlyFromAmong([.. Kinds.Asked, Kinds.Packed]);
        var show = new Command("show", "Write a contact sheet of pictures with their questions, answers and expected tokens.")
        {
            count, split, seed, output, kind, style,
        };
        show.SetWork((parsed, cancellation) =>
        {
            var file = parsed.GetRequiredValue(output);
            OutputFile.RequireNew(file.FullName);
            var generator = new SceneGenerator(Assets.Load(style: parsed.GetValue(style)), parsed.GetValue(split), parsed.GetValue(seed));
            using var renderer = new SceneRenderer();
            IReadOnlySet<string>? kinds = parsed.GetValue(kind) is { } one ? new HashSet<string> { one } : null;
            var scenes = Enumerable.Range(0, parsed.GetValue(count)).Select(index =>
            {
                cancellation.ThrowIfCancellationRequested();
                return parsed.GetValue(kind) == Kinds.Packed ? generator.PackedScene(index) : generator.QuestionScene(index, kinds: kinds);
            });
            OutputFile.Write(file.FullName, ContactSheet.Draw([.. scenes], renderer));
            Console.Error.WriteLine($"Wrote {file.FullName}.");
        }, whenInterrupted: "nothing was written");
        return show;
    }

    private static Command CreateExport()
    {
        var folder = FolderArgument();
        var split = SplitOption(Split.Test);
        var seed = SeedOption();
        var count = new Option<int>("--count") { Description = "How many pictures.", DefaultValueFactory = _ => 100 }.Where(IsAtLeastOne, AtLeastOne);
        var questions = new Option<int>("--questions") { Description = "At most so many questions a picture.", DefaultValueFactory = _ => 4 }
            .Where(IsAtLeastOne, AtLeastOne);
        var format = new Option<PictureFormat>("--format") { Description = "How pictures are stored.", DefaultValueFactory = _ => PictureFormat.Png };
        var quality = new Option<float?>("--quality") { Description = "Quality of WebP pictures, 1 to 100; without it they lose nothing." }
            .Where(quality => quality is null or (>= 1 and <= 100), "1 to 100");
        var style = StyleOption();
        var json = new Option<bool>("--json") { Description = "Print what was written as JSON on standard output." };
        var export = new Command("export", "Write pictures and questions.jsonl, to evaluate, label or train on.")
        {
            folder, split, seed, count, questions, format, quality, style, json,
        };
        export.SetWork((parsed, cancellation) =>
        {
            var assets = Assets.Load(style: parsed.GetValue(style));
            var generator = new SceneGenerator(assets, parsed.GetValue(split), parsed.GetValue(seed));
            var attribution = Attribution.Text(assets, parsed.GetValue(split));
            using var writer = new DataSetWriter(
                parsed.GetRequiredValue(folder).FullName, parsed.GetValue(format), attribution, parsed.GetValue(split), parsed.GetValue(seed), parsed.GetValue(quality));
            Progress(parsed.GetValue(count), index =>
            {
                cancellation.ThrowIfCancellationRequested();
                var scene = generator.QuestionScene(index);
                writer.Add($"{index:D5}", scene, QuestionSampler.Sample(scene, parsed.GetValue(questions), parsed.GetValue(seed), index));
            });
            Report(writer.Complete(), parsed.GetValue(json));
        }, whenInterrupted: "nothing was written");
        return export;
    }

    private static Command CreateSamples()
    {
        var folder = FolderArgument();
        var samples = new Command("samples", "Write the ten sample pictures of models/m3-nano/samples.") { folder };
        samples.SetWork((parsed, cancellation) =>
        {
            var assets = Assets.Load();
            var generator = new SceneGenerator(assets, Split.Validation, DefaultSeed);
            using var writer = new DataSetWriter(
                parsed.GetRequiredValue(folder).FullName, PictureFormat.Png, Attribution.Text(assets, Split.Validation), Split.Validation, DefaultSeed);
            foreach (var (name, scene, questions) in SampleSet.Find(generator, DefaultSeed))
            {
                cancellation.ThrowIfCancellationRequested();
                writer.Add(name, scene, questions);
            }

            Report(writer.Complete(), json: false);
        }, whenInterrupted: "nothing was written");
        return samples;
    }

    private static Command CreateAxes()
    {
        var axes = new Command("axes", "Print along which axes pictures vary, and how often each value is drawn.");
        axes.SetAction(_ =>
        {
            foreach (var axis in AxisTable.All) Console.WriteLine(AxisTable.Line(axis));
        });
        return axes;
    }

    private static void Progress(int count, Action<int> step) => StandardError.Progress().Start(context =>
    {
        var task = context.AddTask("pictures", maxValue: count);
        for (var index = 0; index < count; index++, task.Increment(1)) step(index);
    });

    private static void Report(DataSetSummary summary, bool json)
    {
        if (json) Console.WriteLine(JsonSerializer.Serialize(summary, JsonSerializerOptions.Web));
        else Console.Error.WriteLine($"Wrote {summary.Folder}: {summary.Pictures} pictures, {summary.Questions} questions.");
    }

    private static Argument<DirectoryInfo> FolderArgument() => new("folder") { Description = "Folder to write; must be absent or empty." };

    private static Option<Split> SplitOption(Split fallback) =>
        new("--split") { Description = "Split to draw from.", DefaultValueFactory = _ => fallback };

    private static Option<ulong> SeedOption() =>
        new("--seed") { Description = "Seed of the data set; the model was trained on 1.", DefaultValueFactory = _ => DefaultSeed };

    private static Option<string?> StyleOption() =>
        new("--style") { Description = "Draw every icon from this installed npm package instead of the training styles." };

    private static bool IsAtLeastOne(int count) => count >= 1;
}
