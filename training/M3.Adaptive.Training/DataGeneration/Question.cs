namespace M3.Adaptive.Training.DataGeneration;

/// <summary>One question about a picture.</summary>
/// <param name="Family">One of <see cref="Families"/>.</param>
/// <param name="Text">The question: lower case, without the prompt template.</param>
/// <param name="Answer">The one right answer: lower case, short.</param>
/// <param name="ExpectedTokens">Visual tokens (1, 9, 36, 144 or 576) that this family in this picture should need: a guess from sizes.</param>
public sealed record Question(string Family, string Text, string Answer, int ExpectedTokens);

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
    /// What belongs to each of several names, in any order: "[fox] top left, [key] no". What stands in brackets is given, the rest is
    /// asked: many look-ups for one picture, each right behind its name. Training only.
    /// </summary>
    public const string Inventory = "inventory";

    public static IReadOnlyList<string> All { get; } =
        [Background, LargeObject, ObjectAt, Where, Exists, Count, Sign, Receipt, Bars, List, Inventory];

    /// <summary>Teach, but are no question that a user would ask.</summary>
    public static IReadOnlyList<string> TrainingOnly { get; } = [List, Inventory];
}
