using System.CommandLine;
using M3.Adaptive.Cli.Connection;
using M3.Adaptive.Cli.Demo;
using M3.Adaptive.Cli.Output;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.Cli.Commands;

/// <summary><c>demo</c>: what the product does, on the model and the questions that come with it.</summary>
internal static class DemoCommand
{
    private const int DefaultCount = 72;

    public static Command Create()
    {
        var model = ShippedModel.Option("Checkpoint folder.");
        var data = new Option<string?>("--data")
        {
            Description = "Folder with questions.jsonl and its pictures (else the model's own test folder).",
            HelpName = "DIR",
        };
        var count = new Option<int>("--count")
        {
            Description = "Questions at most, the families taking turns.",
            DefaultValueFactory = _ => DefaultCount,
        }.Where(count => count >= 1, "1 or more");
        var key = new KeyArgument();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("demo", "Starts a service, asks it the test questions at automatic scale and shows routes, costs and savings.")
        {
            model, data, count, key.Option, json,
        };

        command.SetWork(async (parsed, cancellation) =>
        {
            var modelFolder = parsed.GetRequiredValue(model).FullName;
            var folder = parsed.GetValue(data) ?? Path.Combine(modelFolder, "test");
            var questions = TakingTurns(QuestionSet.Read(folder).Questions, parsed.GetValue(count));

            await using var service = await ServiceConnection.StartPrivateAsync(modelFolder, new Credentials(key.Read(parsed)), cancellation);
            var report = await new DemoRun(service, folder, done => ShowProgress(done, questions.Count)).AskAllAsync(questions, cancellation);

            if (parsed.GetValue(json)) JsonOutput.Write(report);
            else DemoTable.Write(report);
        });
        return command;
    }

    // Up to so many questions, the families taking turns in order of first appearance, each in the file's own order: all families
    // are asked, and the same questions every time.
    private static IReadOnlyList<Question> TakingTurns(IReadOnlyList<Question> all, int count)
    {
        var chosen = all
            .GroupBy(question => question.Category)
            .SelectMany((family, order) => family.Select((question, turn) => (question, turn, order)))
            .OrderBy(entry => entry.turn).ThenBy(entry => entry.order)
            .Take(count)
            .OrderBy(entry => entry.order).ThenBy(entry => entry.turn);
        return [.. chosen.Select(entry => entry.question)];
    }

    // One line that is written over, on a terminal only.
    private static void ShowProgress(int done, int total)
    {
        if (!Console.IsErrorRedirected) Console.Error.Write(done < total ? $"\rasking question {done + 1} of {total}" : "\r\e[K");
    }
}
