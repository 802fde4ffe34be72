using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Drawing;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration;

public sealed class TextStyleTests
{
    private static readonly Typeface Face = DataLists.Typefaces[0];

    [Theory]
    [InlineData(LetterCase.Lower, "word7")]
    [InlineData(LetterCase.Upper, "WORD7")]
    [InlineData(LetterCase.Title, "Word7")]
    [InlineData(LetterCase.Mixed, "WoRd7")]
    public void Write_EachCase_DrawsThoseLettersAndLabelsTheSame(LetterCase letters, string expected)
    {
        var picture = Empty();

        new TextStyle(Face, 40, letters, new(Even: true)).Write(picture, "word7", 20, 100, default);

        Assert.Equal(expected, string.Concat(picture.Glyphs.Select(glyph => glyph.Character)));
        var shown = PatchLabels.Of(picture).Class.Where(label => label != PatchClasses.Background).Select(label => PatchClasses.Names[label]).Distinct();
        Assert.Equal(["7", "d", "o", "r", "w"], shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Width_NaturalSpacing_FollowsTheLettersAndTheTracking()
    {
        var natural = new TextStyle(Face, 40);
        var wide = natural with { Spacing = new(Even: false, Tracking: 0.25) };

        Assert.True(natural.Width("iiii") < 0.6 * natural.Width("mmmm"));
        Assert.Equal(natural.Width("word") + 4 * 0.25 * 40, wide.Width("word"), 1e-9);
        Assert.Equal(4 * 0.72 * 40, (natural with { Spacing = new(Even: true) }).Width("iiii"), 1e-9);
        Assert.Equal(natural.Width("word") / 4, natural.MeanAdvance("word"), 1e-9);
    }

    [Fact]
    public void Write_Turned_KeepsDistancesAlongTheTurnedLine()
    {
        var picture = Empty();
        var style = new TextStyle(Face, 30, Spacing: new(Even: true));

        style.Write(picture, "ab", 100, 150, default, new(30, 144, 144));

        var (first, second) = (picture.Glyphs[0], picture.Glyphs[1]);
        var (dx, dy) = (second.CenterX - first.CenterX, second.Baseline - first.Baseline);
        Assert.Equal(0.72 * 30, Math.Sqrt(dx * dx + dy * dy), 1e-9);
        Assert.Equal(30, Math.Atan2(dy, dx) * 180 / Math.PI, 1e-9);
    }

    private static Picture Empty() => new() { Ground = new FlatGround(new(255, 255, 255)) };
}
