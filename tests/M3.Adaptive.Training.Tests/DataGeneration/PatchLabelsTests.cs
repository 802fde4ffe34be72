using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Drawing;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration;

public sealed class PatchLabelsTests
{
    private static IEnumerable<Scene> SomeScenes => TestData.Scenes(80).Concat(TestData.Packed(40));

    [Fact]
    public void Of_AnyScene_LabelsEachPatchByWhatCoversItsCentre()
    {
        foreach (var scene in SomeScenes)
        {
            var labels = Assert.IsType<PatchLabels>(scene.Labels);
            var (padX, padY) = (scene.Picture.Frame.PadX, scene.Picture.Frame.PadY);
            for (var patch = 0; patch < PatchLabels.Patches; patch++)
            {
                if (labels.Anchor[patch]) continue;                                // those bear their thing, whatever covers their centre
                var (label, index) = At(scene.Picture, patch % 24 * 12 + 6 - padX, patch / 24 * 12 + 6 - padY);
                Assert.Equal((label, index), (labels.Class[patch], labels.CharacterIndex[patch]));
            }
        }
    }

    [Fact]
    public void Of_AnyScene_AnchorsEachCharacterIconAndBarOnce()
    {
        foreach (var scene in SomeScenes)
        {
            var labels = Assert.IsType<PatchLabels>(scene.Labels);
            var anchors = new Dictionary<int, (short, sbyte)>();                   // what is drawn later hides what is drawn before
            foreach (var bar in scene.Picture.Bars) anchors[Patch(scene, bar.End.X, bar.End.Y)] = ((short)PatchClasses.Bar, -1);
            foreach (var icon in scene.Picture.Icons) anchors[Patch(scene, icon.Ink.CenterX, icon.Ink.CenterY)] = (PatchClasses.OfConcept(icon.Art.Concept.Index), -1);
            foreach (var glyph in scene.Picture.Glyphs) anchors[Patch(scene, glyph.Ink.CenterX, glyph.Ink.CenterY)] = (PatchClasses.OfCharacter(glyph.Character), (sbyte)glyph.IndexInWord);

            Assert.Equal(anchors.Keys.Order(), Enumerable.Range(0, PatchLabels.Patches).Where(patch => labels.Anchor[patch]));
            Assert.All(anchors.Where(anchor => anchor.Value.Item2 >= 0), anchor => Assert.Equal(anchor.Value, (labels.Class[anchor.Key], labels.CharacterIndex[anchor.Key])));
        }
    }

    /// <summary>The labels against pixels: what is black in the model's square is what the bar covers, however large and wide the picture is.</summary>
    [Theory]
    [InlineData(288, 288, 1, 1, null)]
    [InlineData(288, 96, 3.5, 1, null)]
    [InlineData(100, 288, 0.7, 1, null)]
    [InlineData(288, 200, 1.9, 0.6, 60)]
    [InlineData(151, 288, 0.5, 1, 35)]
    public void Of_PictureOfAnySize_FitsWhatTheModelGetsToSee(int width, int height, double scale, double rescaling, int? quality)
    {
        var picture = new Picture { Frame = new(width, height, scale, rescaling, quality), Ground = new FlatGround(new(255, 255, 255)) };
        var box = new Box(width / 3, height / 5, 37, 52);
        picture.Shapes.Add(new RectangleMark(box, default));
        picture.Bars.Add(new(box, Lies: false));

        var labels = PatchLabels.Of(picture);

        var rgb = TestData.Pixels(new Scene(picture, [], labels, Kinds.Bars));
        for (var patch = 0; patch < PatchLabels.Patches; patch++)
        {
            var at = ((patch / 24 * 12 + 6) * Scene.Side + patch % 24 * 12 + 6) * 3;
            if (rgb[at] is > 40 and < 90) continue;                                // on the bar's edge
            Assert.Equal(rgb[at] <= 40, labels.Class[patch] == PatchClasses.Bar);
        }
    }

    [Fact]
    public void Of_IconsOfSceneSize_LabelsTheirMiddle()
    {
        foreach (var icon in TestData.Scenes(60, kind: Kinds.Grid).SelectMany(scene => scene.Picture.Icons.Select(icon => (scene, icon))))
        {
            var patch = Patch(icon.scene, icon.icon.Ink.CenterX, icon.icon.Ink.CenterY);
            Assert.Equal(PatchClasses.OfConcept(icon.icon.Art.Concept.Index), icon.scene.Labels!.Class[patch]);
        }
    }

    [Fact]
    public void Of_SmallestText_GivesMostCharactersAPatchOfTheirOwn()
    {
        var picture = new Picture { Ground = new FlatGround(default) };
        new TextStyle(DataLists.Typefaces[0], TextLine.SmallestSize, Spacing: new(Even: true)).Write(picture, "word2", 24, 60, default);

        var labels = PatchLabels.Of(picture);

        var row = labels.Class.AsSpan(4 * 24, 24).ToArray();
        Assert.Equal(["w", "o", "r", "d", "2"], row.Where(label => label != 0).Select(label => PatchClasses.Names[label]));
        Assert.Equal([0, 1, 2, 3, 4], labels.CharacterIndex.Where(index => index >= 0).Select(index => (int)index));
    }

    [Fact]
    public void Packed_ManyPictures_ShowEveryClassButBars()
    {
        var shown = TestData.Packed(150).SelectMany(scene => scene.Labels!.Class).ToHashSet();

        Assert.Equal(PatchClasses.Count - 1, shown.Count);
        Assert.DoesNotContain((short)PatchClasses.Bar, shown);
    }

    [Fact]
    public void Packed_ManyPictures_CarrySeveralTimesTheLabelsOfQuestionScenes()
    {
        static double Share(IEnumerable<Scene> scenes) =>
            scenes.Average(scene => scene.Labels!.Class.Count(label => label != PatchClasses.Background) / 576.0); // generated scenes have labels

        Assert.True(Share(TestData.Packed(100)) > 1.5 * Share(TestData.Scenes(100)));
        Assert.True(Share(TestData.Packed(100)) > 0.3);
    }

    [Fact]
    public void Names_AllClasses_AreBackgroundConceptsCharactersBar()
    {
        Assert.Equal(1 + 130 + 36 + 1, PatchClasses.Count);
        Assert.Equal("background", PatchClasses.Names[0]);
        Assert.Equal("a", PatchClasses.Names[PatchClasses.OfCharacter('a')]);
        Assert.Equal("9", PatchClasses.Names[PatchClasses.OfCharacter('9')]);
        Assert.Equal("bar", PatchClasses.Names[PatchClasses.Bar]);
        Assert.Equal(PatchClasses.Count, PatchClasses.Names.Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => PatchClasses.OfCharacter('!'));
    }

    [Fact]
    public void MeanRgbOf_AnyPicture_AveragesEachPatch()
    {
        var rgb = TestData.Pixels(TestData.Generator().QuestionScene(1));

        var means = PatchLabels.MeanRgbOf(rgb);

        foreach (var (row, column, channel) in new[] { (0, 0, 0), (5, 7, 1), (23, 23, 2), (11, 0, 2) })
        {
            var expected = (from y in Enumerable.Range(row * 12, 12)
                            from x in Enumerable.Range(column * 12, 12)
                            select (double)rgb[(y * 288 + x) * 3 + channel]).Average() / 255;
            Assert.Equal(expected, means[(row * 24 + column) * 3 + channel], 1e-5);
        }
    }

    [Fact]
    public void MeanRgbOf_WrongSize_NamesTheExpectedOne()
    {
        var error = Assert.Throws<ArgumentException>(() => PatchLabels.MeanRgbOf(new byte[10]));

        Assert.Contains("288 x 288 x 3", error.Message, StringComparison.Ordinal);
    }

    private static int Patch(Scene scene, double x, double y) => (int)((y + scene.Picture.Frame.PadY) / 12) * 24 + (int)((x + scene.Picture.Frame.PadX) / 12);

    private static (short Class, sbyte Index) At(Picture picture, double x, double y)
    {
        for (var i = picture.Glyphs.Count - 1; i >= 0; i--)
        {
            var glyph = picture.Glyphs[i];
            var (along, above) = Area.Turned(x - glyph.CenterX, y - glyph.Baseline, -glyph.Turn);
            if (Math.Abs(along) <= glyph.Advance / 2 - Math.Min(2.5, glyph.Advance / 5) + 1e-9 && above <= 1e-9 && above >= -glyph.Size * 0.72 - 1e-9)
            {
                return (PatchClasses.OfCharacter(glyph.Character), (sbyte)glyph.IndexInWord);
            }
        }
        for (var i = picture.Icons.Count - 1; i >= 0; i--)
        {
            var icon = picture.Icons[i];
            var (dx, dy) = Area.Turned(x - icon.X - icon.Size / 2.0, y - icon.Y - icon.Size / 2.0, -icon.Turn);
            var (across, down) = (dx / icon.Size + 0.5, dy / icon.Size + 0.5);
            var (left, top, right, bottom) = icon.Art.Ink;
            if (across >= left - 1e-9 && across <= right + 1e-9 && down >= top - 1e-9 && down <= bottom + 1e-9) return (PatchClasses.OfConcept(icon.Art.Concept.Index), -1);
        }
        var inBar = picture.Bars.Any(bar => x >= bar.Box.X && x <= bar.Box.Right && y >= bar.Box.Y && y <= bar.Box.Bottom);
        return (inBar ? (short)PatchClasses.Bar : (short)0, -1);
    }
}
