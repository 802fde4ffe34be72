using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>What a picture shows beside its icons: the scene that draws it writes it down here, and everything that is asked follows from it.</summary>
internal sealed class SceneContents
{
    /// <summary>Name of the background's colour.</summary>
    public string Background { get; set; } = "";

    /// <summary>How the icons stand; none where there are no icons.</summary>
    public Arrangement Icons { get; set; }

    /// <summary>The one large icon, in <see cref="Arrangement.OneLarge"/>.</summary>
    public IconMark? Large { get; set; }

    /// <summary>The concept that is shown several times, in <see cref="Arrangement.Strewn"/>.</summary>
    public Concept? Repeated { get; set; }

    /// <summary>Words, numbers and codes that stand alone, in the order in which they were drawn.</summary>
    public List<ShownText> Texts { get; } = [];

    /// <summary>Lines of a receipt, from the top.</summary>
    public List<ShownLine> Lines { get; } = [];

    /// <summary>Bars of a chart, from the left or the top.</summary>
    public List<ShownBar> Bars { get; } = [];

    /// <summary>Bars that lie are long and short, those that stand high and low.</summary>
    public bool BarsLie { get; set; }

    /// <summary>A layout that training never shows.</summary>
    public bool NewLayout { get; set; }

    /// <summary>How the parts are laid out, each by the name of its kind and of its layout: "sign: on a board".</summary>
    public List<string> Layouts { get; } = [];
}

/// <summary>How icons stand in a picture.</summary>
internal enum Arrangement
{
    None,

    /// <summary>One large icon, the others less than half as large.</summary>
    OneLarge,

    /// <summary>At most one, each of another concept, inside each of the nine places.</summary>
    Grid,

    /// <summary>Anywhere, some concepts several times.</summary>
    Strewn,

    /// <summary>Beside something else.</summary>
    Beside,
}

/// <summary>What a text is.</summary>
internal enum TextKind
{
    Word,
    Number,
    Code,
}

/// <param name="Sign">Colour of the sign that it stands on; null: it stands on the background.</param>
/// <param name="Tokens">Visual tokens that reading it should need.</param>
internal sealed record ShownText(string Text, TextKind Kind, string? Sign, Box Place, Typeface Face, int Tokens);

/// <param name="Tokens">Visual tokens that reading it should need.</param>
internal sealed record ShownLine(string Item, string Price, Typeface Face, int Tokens);

/// <param name="Length">In pixels.</param>
/// <param name="Tokens">Visual tokens that reading its value should need.</param>
internal sealed record ShownBar(string Color, int Value, double Length, Typeface Face, int Tokens);
