using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Retraining.Demonstration;

/// <summary>A model's own labels, dealt to the parts of the story. Nothing is fitted to the test split: it is the traffic on which predictors are shown.</summary>
/// <param name="HomeRouting">What the first predictor is trained on.</param>
/// <param name="HomeCalibration">The same.</param>
/// <param name="Before">Traffic of the kinds that it was trained on.</param>
/// <param name="New">Traffic of the new kinds.</param>
/// <param name="After">Both.</param>
/// <param name="Shifted">Traffic of the new kinds that is audited, and retrained on.</param>
/// <param name="Poisoned">Traffic about which a client lies.</param>
internal sealed record StoryLabels(
    LabelTable HomeRouting, LabelTable HomeCalibration, LabelTable Before, LabelTable New, LabelTable After, LabelTable Shifted, LabelTable Poisoned)
{
    private const int MostPoisoned = 2500;

    private static readonly string[] Narrow = ["large object", "object at", "where", "background"], Wide = ["receipt", "sign"];

    /// <param name="routing">The model's.</param>
    /// <param name="calibration">The model's.</param>
    /// <param name="test">The model's.</param>
    public static StoryLabels Of(LabelTable routing, LabelTable calibration, LabelTable test)
    {
        var poisoned = Only(routing, [.. Narrow, .. Wide]);
        return new StoryLabels(
            Only(routing, Narrow), Only(calibration, Narrow), Shuffled(Only(test, Narrow)), Shuffled(Only(test, Wide)), Shuffled(Only(test, [.. Narrow, .. Wide])),
            Shuffled(Joined(Only(routing, Wide), Only(calibration, Wide))), poisoned with { Items = [.. Shuffled(poisoned).Items.Take(MostPoisoned)] });
    }

    private static LabelTable Only(LabelTable table, params string[] families) => table with { Items = [.. table.Items.Where(item => families.Contains(item.Family))] };

    // As traffic comes: questions about one picture do not follow one another.
    private static LabelTable Shuffled(LabelTable table)
    {
        LabelItem[] items = [.. table.Items];
        new Random(1).Shuffle(items);
        return table with { Items = items };
    }

    private static LabelTable Joined(LabelTable first, LabelTable second)
    {
        static string Name(LabelTable table, string name) => $"{table.Header.Split}/{name}";
        static LabelItem Renamed(LabelTable table, LabelItem item) => item with { Id = Name(table, item.Id), Image = Name(table, item.Image) };

        LabelTable[] both = [first, second];
        return new LabelTable(
            first.Header,
            both.SelectMany(table => table.ImageFeatures.Select(image => KeyValuePair.Create(Name(table, image.Key), image.Value))).ToDictionary(),
            [.. both.SelectMany(table => table.Items.Select(item => Renamed(table, item)))]);
    }
}
