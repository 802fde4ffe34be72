namespace M3.Adaptive.Training.DataGeneration.Drawing;

/// <summary>A bar of a chart; it is drawn as a shape, this is what labels need.</summary>
/// <param name="Lies">From the left; otherwise it stands.</param>
public readonly record struct BarMark(Box Box, bool Lies)
{
    /// <summary>Units from the end to the anchor.</summary>
    private const double Inset = PatchLabels.PatchSide / 2.0;

    /// <summary>How long or high it is.</summary>
    public int Length => Lies ? Box.Width : Box.Height;

    /// <summary>The point just inside the end that tells its value.</summary>
    public (double X, double Y) End => Lies
        ? (Box.Right - Math.Min(Inset, Box.Width / 2.0), Box.CenterY)
        : (Box.CenterX, Box.Y + Math.Min(Inset, Box.Height / 2.0));
}
