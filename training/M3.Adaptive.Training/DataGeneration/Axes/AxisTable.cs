namespace M3.Adaptive.Training.DataGeneration.Axes;

/// <summary>Every axis along which pictures vary in all splits; what depends on the split is in <see cref="Mix"/>.</summary>
internal static class AxisTable
{
    public static PictureSizes PictureSize { get; } = new();
    public static AspectRatios AspectRatio { get; } = new();
    public static Grounds Ground { get; } = new();
    public static Clutter Clutter { get; } = new();
    public static JpegQualities JpegQuality { get; } = new();
    public static Rescalings Rescaling { get; } = new();
    public static LetterCases LetterCase { get; } = new();
    public static Spacings Spacing { get; } = new();
    public static Inks Ink { get; } = new();
    public static TextTurns TextTurn { get; } = new();
    public static IconTurns IconTurn { get; } = new();
    public static Opacities Opacity { get; } = new();
    public static ReceiptHeaders ReceiptHeader { get; } = new();
    public static ReceiptTotals ReceiptTotal { get; } = new();
    public static ReceiptWidths ReceiptWidth { get; } = new();
    public static Prices Price { get; } = new();
    public static BarDirections BarDirection { get; } = new();
    public static BarDigits BarDigits { get; } = new();
    public static BarAxes BarAxis { get; } = new();

    public static IReadOnlyList<IAxis> All { get; } =
    [
        PictureSize, AspectRatio, Ground, Clutter, JpegQuality, Rescaling, LetterCase, Spacing, Ink, TextTurn, IconTurn, Opacity,
        ReceiptHeader, ReceiptTotal, ReceiptWidth, Price, BarDirection, BarDigits, BarAxis,
    ];

    /// <summary>An axis as a line of a Markdown table: its name, then what it may be and in how many per cent of the cases.</summary>
    public static string Line(IAxis axis) =>
        $"| {axis.Name} | {string.Join("; ", axis.Shares.Select(choice => $"{choice.Value} {Math.Round(100 * choice.Share)} %"))} |";
}
