using M3.Adaptive.TestKit;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Axes;
using M3.Adaptive.Training.DataGeneration.Drawing;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration;

public sealed class AxesTests
{
    [Fact]
    public void Shares_EachAxis_AddUpToOne() =>
        Assert.All(AxisTable.All, axis => Assert.Equal(1, axis.Shares.Sum(choice => choice.Share), 1e-9));

    [Fact]
    public void All_EveryAxis_IsDescribedInTheReadme()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "training", "README.md"));

        Assert.All(AxisTable.All, axis => Assert.Contains(AxisTable.Line(axis), readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Draw_ManyTimes_FollowsTheShares()
    {
        var random = new SeededRandom(3);

        var drawn = Enumerable.Range(0, 10_000).Select(_ => AxisTable.LetterCase.Draw(random)).ToList();

        Assert.Equal(0.45, drawn.Count(letters => letters == LetterCase.Lower) / 10_000.0, 0.02);
        Assert.Equal(0.32, drawn.Count(letters => letters == LetterCase.Upper) / 10_000.0, 0.02);
    }

    [Fact]
    public void Frame_ManyPictures_ReachesEverySizeAndShape()
    {
        var frames = TestData.Scenes(1500).Concat(TestData.Packed(300)).Select(scene => scene.Picture.Frame).ToList();

        Assert.All(frames, frame =>
        {
            Assert.InRange(Math.Min(frame.PixelWidth, frame.PixelHeight), 63, 1024);
            Assert.InRange(Math.Max(frame.PixelWidth, frame.PixelHeight), 64, 1024);
            Assert.InRange(frame.PixelWidth / (double)frame.PixelHeight, 1 / 3.05, 3.05);
        });
        Assert.Contains(frames, frame => Math.Max(frame.PixelWidth, frame.PixelHeight) < 100);
        Assert.Contains(frames, frame => Math.Max(frame.PixelWidth, frame.PixelHeight) > 950);
        Assert.Contains(frames, frame => frame.PixelWidth > 2.6 * frame.PixelHeight);
        Assert.Contains(frames, frame => frame.PixelHeight > 2.6 * frame.PixelWidth);
    }

    [Fact]
    public void Text_ManyPictures_ComesInEveryCaseSpacingAndTurn()
    {
        var words = TestData.Scenes(300, kind: Kinds.Sign).SelectMany(TestData.Words).ToList();

        string[] written = [.. words.Select(word => string.Concat(word.Select(glyph => glyph.Character))).Where(word => word.All(char.IsLetter))];
        Assert.Contains(written, word => word.All(char.IsLower));
        Assert.Contains(written, word => word.All(char.IsUpper));
        Assert.Contains(written, word => char.IsUpper(word[0]) && word[1..].All(char.IsLower));
        Assert.Contains(words, word => word[0].Turn > 3);
        Assert.Contains(words, word => word[0].Turn < -3);
        Assert.Contains(words, word => word.All(glyph => Math.Abs(glyph.Advance - 0.72 * glyph.Size) < 1e-9));
        Assert.Contains(words, word => word.DistinctBy(glyph => glyph.Advance).Count() > 1);
    }

    [Fact]
    public void Charts_ManyPictures_StandAndLieAndHaveOneToThreeDigits()
    {
        var scenes = TestData.Scenes(200, kind: Kinds.Bars).ToList();

        Assert.Contains(scenes, scene => scene.Picture.Bars.TrueForAll(bar => bar.Lies));
        Assert.Contains(scenes, scene => scene.Picture.Bars.TrueForAll(bar => !bar.Lies));
        Assert.Equal([1, 2, 3], scenes.Select(scene => scene.Shown.Bars.Max(bar => $"{bar.Value}".Length)).Distinct().Order());
    }

    [Fact]
    public void Mixtures_ManyPictures_ShowObjectsTextReceiptsAndChartsTogether()
    {
        var scenes = TestData.Scenes(200, kind: Kinds.Mixed).Select(scene =>
            (Icons: scene.Picture.Icons.Count > 0, Text: scene.Shown.Texts.Count > 0, Lines: scene.Shown.Lines.Count > 0, Bars: scene.Shown.Bars.Count > 0)).ToHashSet();

        Assert.Contains((true, true, false, false), scenes);
        Assert.Contains((true, false, true, false), scenes);
        Assert.Contains((false, true, false, true), scenes);
        Assert.Contains((false, false, true, true), scenes);
        Assert.Contains(scenes, shown => new[] { shown.Icons, shown.Text, shown.Lines, shown.Bars }.Count(part => part) == 3);
    }
}
