using System.Reflection;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>A thing that pictures show.</summary>
/// <param name="Index">Place in concepts.txt, from 0.</param>
/// <param name="IconName">Name in the icon packages, without "-face".</param>
public sealed record Concept(int Index, string IconName)
{
    public string Name { get; } = IconName.Replace('-', ' ');
}

/// <summary>An icon package, from styles.txt.</summary>
public sealed record IconStyle(string Package, string License, string Author, string Source);

/// <summary>A typeface, from fonts.txt.</summary>
/// <param name="Package">Debian package that installs it.</param>
/// <param name="File">Where that puts it.</param>
public sealed record Typeface(bool HeldOut, string Family, int Weight, string Package, string File, string License)
{
    /// <summary>The file that is read: <see cref="File"/>, or the one of its name in the folder that M3_TYPEFACES names.</summary>
    public string Path { get; } = Environment.GetEnvironmentVariable("M3_TYPEFACES") is { Length: > 0 } folder
        ? System.IO.Path.Combine(folder, System.IO.Path.GetFileName(File))
        : File;

    public override string ToString() => $"{Family} {Weight}";
}

/// <summary>The lists under training/assets/lists, built into the program: one line more is one thing more.</summary>
public static class DataLists
{
    private const int WordHoldOut = 8;   // one word in eight is never seen in training
    private const int ItemHoldOut = 4;   // receipts draw up to seven different items, so a larger share

    public static IReadOnlyList<Concept> Concepts { get; } = [.. Read("concepts").Select((line, index) => new Concept(index, line))];
    public static IReadOnlyList<IconStyle> Styles { get; } = [.. Read("styles").Select(ParseStyle)];
    public static IReadOnlyList<Typeface> Typefaces { get; } = [.. Read("fonts").Select(ParseTypeface)];
    public static IReadOnlyList<string> Words { get; } = Read("words");
    public static IReadOnlyList<string> Items { get; } = Read("items");

    public static bool IsHeldOutWord(string word) => SeededRandom.Hash("word " + word) % WordHoldOut == 0;

    public static bool IsHeldOutItem(string item) => SeededRandom.Hash("item " + item) % ItemHoldOut == 0;

    /// <summary>Half of the concepts are held out in one style each: a tenth of all pairs, and none is unseen in more than one style.</summary>
    public static bool IsHeldOutPair(Concept concept, int style, int styles)
    {
        var hash = SeededRandom.Hash("concept " + concept.IconName);
        return hash % 2 == 0 && (int)(hash / 2 % (ulong)styles) == style;
    }

    private static string[] Read(string list)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"lists/{list}.txt")
            ?? throw new InvalidOperationException($"The program was built without lists/{list}.txt.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
    }

    private static IconStyle ParseStyle(string line) =>
        line.Split(';', StringSplitOptions.TrimEntries) is [var package, var license, var author, var source]
            ? new(package, license, author, source)
            : throw new FormatException($"styles.txt: expected 'package; licence; author; source', found '{line}'.");

    private static Typeface ParseTypeface(string line) =>
        line.Split(';', StringSplitOptions.TrimEntries) is
            [("train" or "held-out") and var use, var family, var weight, var package, var file, var license]
            ? new(use == "held-out", family, int.Parse(weight), package, file, license)
            : throw new FormatException($"fonts.txt: expected 'use; family; weight; package; file; licence', found '{line}'.");
}
