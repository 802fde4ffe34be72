namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>What a picture shows, back to front: ground, shapes, icons, characters. Places are in units, of which the longer side has 288.</summary>
public sealed class Picture
{
    /// <summary>Width in units.</summary>
    public int Width { get; init; } = Scene.Side;

    /// <summary>Height in units.</summary>
    public int Height { get; init; } = Scene.Side;

    public required Ground Ground { get; init; }

    public List<ShapeMark> Shapes { get; } = [];
    public List<IconMark> Icons { get; } = [];
    public List<GlyphMark> Glyphs { get; } = [];

    /// <summary>The bars of a chart; drawn as shapes, kept for the labels.</summary>
    public List<Box> Bars { get; } = [];

    /// <summary>Everything that is drawn, a mark a line.</summary>
    public override string ToString() => string.Join('\n', [$"{Width} x {Height}", Ground, .. Shapes, .. Icons, .. Glyphs]);
}
