namespace M3.Adaptive.Training.DataGeneration;

/// <summary>One question about a picture.</summary>
/// <param name="Family">One of <see cref="Families"/>.</param>
/// <param name="Text">The question as somebody typed it, without the prompt template.</param>
/// <param name="Answer">The one right answer: lower case, short; <see cref="NotThere"/> when the picture does not show what is asked about.</param>
/// <param name="ExpectedTokens">Visual tokens (1, 9, 36, 144 or 576) that this family in this picture should need: a guess from sizes.</param>
public sealed record Question(string Family, string Text, string Answer, int ExpectedTokens)
{
    /// <summary>The answer when there is none to give: the price of what is not sold, the place of what is not shown.</summary>
    public const string NotThere = "not there";

    /// <summary>What is asked about, as the data names it: a concept, place, colour, item or number; empty: nothing in particular.</summary>
    public string About { get; init; } = "";

    /// <summary>What of it training never showed.</summary>
    public Novelty New { get; init; }
}

/// <summary>Names of the question families, from coarse to fine.</summary>
public static class Families
{
    public const string Background = "background";
    public const string LargeObject = "large object";
    public const string ObjectAt = "object at";
    public const string Where = "where";
    public const string Exists = "exists";
    public const string Count = "count";
    public const string Sign = "sign";
    public const string Receipt = "receipt";
    public const string Bars = "bars";

    /// <summary>Everything in the picture, in reading order: many supervised tokens for one picture. Training only.</summary>
    public const string List = "list";

    /// <summary>
    /// What belongs to each of several names, in any order: "[fox] top left, [key] not there". What stands in brackets is given, the rest is
    /// asked: many look-ups for one picture, each right behind its name. Training only.
    /// </summary>
    public const string Inventory = "inventory";

    public static IReadOnlyList<string> All { get; } =
        [Background, LargeObject, ObjectAt, Where, Exists, Count, Sign, Receipt, Bars, List, Inventory];

    /// <summary>Teach, but are no question that a user would ask.</summary>
    public static IReadOnlyList<string> TrainingOnly { get; } = [List, Inventory];
}
