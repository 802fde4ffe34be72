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
            var middles = scene.Picture.Glyphs.Select(Middle).ToHashSet();          // those bear their character, whatever covers their centre
            for (var patch = 0; patch < PatchLabels.Patches; patch++)
            {
                if (middles.Contains(patch)) continue;
                var (label, index) = At(scene.Picture, patch % 24 * 12 + 6, patch / 24 * 12 + 6);
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
            foreach (var glyph in scene.Picture.Glyphs)
            {
                Assert.True(labels.Anchor[Middle(glyph)]);
                Assert.Equal((PatchClasses.OfCharacter(glyph.Character), (sbyte)glyph.IndexInWord), (labels.Class[Middle(glyph)], labels.CharacterIndex[Middle(glyph)]));
            }

            var things = scene.Picture.Glyphs.Count + scene.Picture.Icons.Count + scene.Picture.Bars.Count;
            Assert.InRange(labels.Anchor.Count(anchor => anchor), scene.Kind == Kinds.Packed ? 0.9 * things : things, things);   // packed rows may touch
        }
    }

    [Fact]
    public void Of_IconsOfSceneSize_LabelsTheirMiddle()
    {
        foreach (var icon in TestData.Scenes(60, kind: Kinds.Grid).SelectMany(scene => scene.Picture.Icons.Select(icon => (scene, icon))))
        {
            var patch = (int)icon.icon.Ink.CenterY / 12 * 24 + (int)icon.icon.Ink.CenterX / 12;
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
        Assert.True(Share(TestData.Packed(100)) > 0.4);
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

    private static int Middle(GlyphMark glyph) =>
        (int)((glyph.Baseline - glyph.Size * 0.72 / 2) / 12) * 24 + (int)(glyph.CenterX / 12);

    private static (short Class, sbyte Index) At(Picture picture, double x, double y)
    {
        for (var i = picture.Glyphs.Count - 1; i >= 0; i--)
        {
            var glyph = picture.Glyphs[i];
            if (Math.Abs(x - glyph.CenterX) <= glyph.Advance / 2 - Math.Min(2.5, glyph.Advance / 5) && y <= glyph.Baseline && y >= glyph.Baseline - glyph.Size * 0.72)
            {
                return (PatchClasses.OfCharacter(glyph.Character), (sbyte)glyph.IndexInWord);
            }
        }
        for (var i = picture.Icons.Count - 1; i >= 0; i--)
        {
            var (left, top, right, bottom) = picture.Icons[i].Ink.Bounds;
            if (x >= left && x <= right && y >= top && y <= bottom) return (PatchClasses.OfConcept(picture.Icons[i].Art.Concept.Index), -1);
        }
        var inBar = picture.Bars.Any(bar => x >= bar.X && x <= bar.X + bar.Width && y >= bar.Y && y <= bar.Y + bar.Height);
        return (inBar ? (short)PatchClasses.Bar : (short)0, -1);
    }
}
