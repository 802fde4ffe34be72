using System.CommandLine;
using M3.Adaptive.Cli.Connection;
using M3.Adaptive.Cli.Demo;
using M3.Adaptive.Cli.Output;

namespace M3.Adaptive.Cli.Commands;

/// <summary><c>demo</c>: what the product does, on the model and the questions that come with it.</summary>
internal static class DemoCommand
{
    private const int DefaultCount = 72;

    public static Command Create()
    {
        var model = new Option<string>("--model")
        {
            Description = "Checkpoint folder.",
            HelpName = "DIR",
            DefaultValueFactory = _ => ModelFolder.Default,
        };
        var data = new Option<string?>("--data")
        {
            Description = "Folder with questions.jsonl and its pictures (else the model's own test folder).",
            HelpName = "DIR",
        };
        var count = new Option<int>("--count")
        {
            Description = "Questions at most, the families taking turns.",
            DefaultValueFactory = _ => DefaultCount,
        };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("--count takes a number of questions, 1 or more.");
        });
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("demo", "Starts a service, asks it the test questions at automatic scale and shows routes, costs and savings.")
        {
            model, data, count, json,
        };

        command.SetWork(async (parsed, cancellation) =>
        {
            var modelFolder = parsed.GetRequiredValue(model);
            var folder = parsed.GetValue(data) ?? Path.Combine(modelFolder, "test");
            var questions = QuestionFile.Choose(QuestionFile.Read(folder), parsed.GetValue(count));

            await using var service = await ServiceConnection.StartPrivateAsync(modelFolder, cancellation);
            var report = await new DemoRun(service, folder, done => ShowProgress(done, questions.Count)).AskAllAsync(questions, cancellation);

            if (parsed.GetValue(json)) JsonOutput.Write(report);
            else DemoTable.Write(report);
        });
        return command;
    }

    // One line that is written over, on a terminal only.
    private static void ShowProgress(int done, int total)
    {
        if (!Console.IsErrorRedirected) Console.Error.Write(done < total ? $"\rasking question {done + 1} of {total}" : "\r\e[K");
    }
}
