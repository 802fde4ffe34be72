namespace M3.Adaptive.Training.DataGeneration;

/// <summary>What a patch can show: 0 background, then the concepts in the order of concepts.txt, then a-z, then 0-9, then bar.</summary>
public static class PatchClasses
{
    private const string Characters = "abcdefghijklmnopqrstuvwxyz0123456789";

    public const int Background = 0;
    public const int FirstConcept = 1;

    public static IReadOnlyList<string> Names { get; } =
        ["background", .. DataLists.Concepts.Select(concept => concept.Name), .. Characters.Select(letter => letter.ToString()), "bar"];

    public static int Count => Names.Count;
    public static int FirstCharacter { get; } = FirstConcept + DataLists.Concepts.Count;
    public static int Bar { get; } = FirstCharacter + Characters.Length;

    public static short OfConcept(int concept) => (short)(FirstConcept + concept);

    /// <summary>The class of a letter, in either case, or a digit.</summary>
    public static short OfCharacter(char character)
    {
        var index = Characters.IndexOf(char.ToLowerInvariant(character));
        if (index < 0) throw new ArgumentOutOfRangeException(nameof(character), character, "Only a-z and 0-9 have a class.");
        return (short)(FirstCharacter + index);
    }
}
