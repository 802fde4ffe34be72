namespace M3.Adaptive.Training.DataGeneration;

/// <summary>Ten pictures to try the model with, from coarse to fine.</summary>
public static class SampleSet
{
    private const int QuestionsPerPicture = 4;
    private const int MostTries = 1_000_000;

    private static readonly Wish[] Wishes =
    [
        new("large", Kinds.LargeObject, question => question is { Family: Families.LargeObject, ExpectedTokens: 1 }),
        new("middling", Kinds.LargeObject, question => question is { Family: Families.LargeObject, ExpectedTokens: 9 }),
        new("grid", Kinds.Grid, question => question is { Family: Families.ObjectAt, ExpectedTokens: 9, Answer: not Question.NotThere }),
        new("small-grid", Kinds.Grid, question => question is { Family: Families.ObjectAt, ExpectedTokens: 36 }),
        new("count", Kinds.Scatter, question => question is { Family: Families.Count, Answer: "4" }),
        new("bars", Kinds.Bars, question => question is { Family: Families.Bars, About: "red", Answer: not Question.NotThere, ExpectedTokens: 36 }, IsLong, "how much is the red bar?"),
        new("large-sign", Kinds.Sign, question => question is { Family: Families.Sign, ExpectedTokens: 36 }),
        new("sign", Kinds.Sign, question => question is { Family: Families.Sign, ExpectedTokens: 144 }),
        new("small-sign", Kinds.Sign, question => question is { Family: Families.Sign, ExpectedTokens: 576 }),
        new("receipt", Kinds.Receipt, question => question is { About: "milk", Answer: not Question.NotThere, ExpectedTokens: 576 }, scene => IsLong(scene) && SellsListedItems(scene), "what is the price of milk"),
    ];

    /// <summary>For each name the first picture of the data set that can be asked what is wished for and has no name yet; that question comes first.</summary>
    public static IEnumerable<(string Name, Scene Scene, IReadOnlyList<Question> Questions)> Find(SceneGenerator generator, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(generator);
        var named = new HashSet<int>();
        foreach (var wish in Wishes)
        {
            var kinds = new HashSet<string> { wish.Kind };
            var (scene, index) = Enumerable.Range(0, MostTries).Select(index => (Scene: generator.QuestionScene(index, kinds: kinds), index))
                .First(candidate => !named.Contains(candidate.index) && (wish.Also?.Invoke(candidate.Scene) ?? true) && candidate.Scene.Questions.Any(wish.Asks));
            named.Add(index);
            var wished = scene.Questions.First(wish.Asks);
            var others = QuestionSampler.Sample(scene, QuestionsPerPicture, seed, index).Where(question => question != wished);
            yield return (wish.Name, scene, [wished with { Text = wish.Wording ?? wished.Text }, .. others.Take(QuestionsPerPicture - 1)]);
        }
    }

    /// <summary>At least four bars, or lines of a receipt.</summary>
    private static bool IsLong(Scene scene) => Entries(scene).Length >= 4;

    /// <summary>No words or codes that only training sells.</summary>
    private static bool SellsListedItems(Scene scene) => Entries(scene).All(line => DataLists.Items.Contains(line.Split('"')[1]));

    private static string[] Entries(Scene scene) => scene.Questions.Single(question => question.Family == Families.List).Answer.Split(", ");

    /// <param name="Name">Of the picture.</param>
    /// <param name="Kind">Of the picture.</param>
    /// <param name="Asks">The question that comes first.</param>
    /// <param name="Also">What else the picture must show; null: anything.</param>
    /// <param name="Wording">In which that question is asked; null: as the generator does.</param>
    private sealed record Wish(string Name, string Kind, Func<Question, bool> Asks, Func<Scene, bool>? Also = null, string? Wording = null);
}
