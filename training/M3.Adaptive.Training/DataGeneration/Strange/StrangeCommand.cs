using System.CommandLine;
using M3.Adaptive.CommandLine;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.Training.DataGeneration.Strange;

/// <summary><c>data strange</c>: sets unlike everything that models and predictors are fitted to, for a look at what confidence is worth there.</summary>
internal static class StrangeCommand
{
    private const string Wordings = "wordings", Pictures = "pictures";

    private static readonly Argument<string> Kind = Accepted(new("kind") { Description = $"{Wordings}: questions of a set in other words; {Pictures}: blank, noise and text-only pictures." });

    private static readonly Argument<DirectoryInfo> Folder = new("folder") { Description = "Folder to write; must be absent or empty." };

    private static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "For wordings: the set to ask in other words.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(ShippedModel.Folder, "test")),
    };

    private static readonly Option<int> Count = new Option<int>("--count") { Description = "How many pictures.", DefaultValueFactory = _ => 100 }
        .Where(count => count >= 1, "1 or more");

    private static readonly Option<ulong> Seed = new("--seed") { Description = "For pictures: seed of the set.", DefaultValueFactory = _ => DataCommand.DefaultSeed };

    public static Command Create()
    {
        var command = new Command("strange", "Write a set unlike what is trained on: other wordings, or pictures that show nothing.") { Kind, Folder, Data, Count, Seed };
        command.SetWork((parsed, cancellation) => Run(parsed, cancellation), whenInterrupted: "nothing was written");
        return command;
    }

    private static void Run(ParseResult parsed, CancellationToken cancellation)
    {
        var (folder, count) = (parsed.GetRequiredValue(Folder).FullName, parsed.GetValue(Count));
        using var writer = new QuestionFolder(folder);
        if (parsed.GetValue(Kind) == Pictures) AddPictures(writer, new OddPictures(parsed.GetValue(Seed)), count, cancellation);
        else AddWordings(writer, QuestionSet.Read(parsed.GetRequiredValue(Data).FullName), count, cancellation);
        writer.Complete();
        Console.Error.WriteLine($"Wrote {folder}: {writer.Pictures} pictures, {writer.Questions} questions.");
    }

    private static void AddPictures(QuestionFolder writer, OddPictures odd, int count, CancellationToken cancellation)
    {
        for (var number = 0; number < count; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (picture, questions) = odd.Make(number);
            var image = $"{number:D5}.png";
            writer.Add(image, picture, questions.Select((asked, i) => new CommandLine.Question($"{number}-{i}", image, asked.Text, asked.Answers, asked.Family)));
        }
    }

    private static void AddWordings(QuestionFolder writer, QuestionSet set, int count, CancellationToken cancellation)
    {
        var attribution = Path.Combine(set.Folder, Attribution.FileName);          // the pictures are the set's
        if (File.Exists(attribution)) writer.Keep(Attribution.FileName, File.ReadAllBytes(attribution));
        foreach (var (number, picture) in set.ByImage().Take(count).Index())
        {
            cancellation.ThrowIfCancellationRequested();
            var reworded = picture.Select((question, i) => OtherWordings.Of(question, number + i)).OfType<CommandLine.Question>().ToArray();
            if (reworded is not []) writer.Add(picture.Key, File.ReadAllBytes(Path.Combine(set.Folder, picture.Key)), reworded);
        }
    }

    private static Argument<string> Accepted(Argument<string> kind) => kind.AcceptOnlyFromAmong(Wordings, Pictures);
}
