namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>What a picture shows, back to front: ground, shapes, icons, characters. Places are in units of its frame, from its top left.</summary>
public sealed class Picture
{
    public Frame Frame { get; init; } = Frame.Plain;

    public required Ground Ground { get; init; }

    public List<ShapeMark> Shapes { get; } = [];
    public List<IconMark> Icons { get; } = [];
    public List<GlyphMark> Glyphs { get; } = [];

    /// <summary>The bars of a chart; drawn as shapes, kept for the labels.</summary>
    public List<BarMark> Bars { get; } = [];

    /// <summary>Everything that is drawn, a mark a line.</summary>
    public override string ToString() => string.Join('\n', [Frame, Ground, .. Shapes, .. Icons, .. Glyphs]);
}
