using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Drawing;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration;

public sealed class SplitTests
{
    private const int Pictures = 300;

    public static TheoryData<Split> Seen => [Split.Train, Split.Validation, Split.Routing];

    public static TheoryData<Split> HeldOut => [Split.Calibration, Split.Test];

    [Theory]
    [MemberData(nameof(Seen))]
    public void SeenSplit_AnyPicture_ShowsNothingHeldOut(Split split)
    {
        foreach (var scene in All(split))
        {
            Assert.DoesNotContain(scene.Picture.Glyphs, glyph => glyph.Face.HeldOut);
            Assert.DoesNotContain(scene.Picture.Icons, icon => IsHeldOut(icon.Art));
            Assert.DoesNotContain(TestData.Words(scene).Select(TestData.Spell), word =>
                DataLists.Words.Contains(word) && DataLists.IsHeldOutWord(word) && !DataLists.Items.Contains(word));
            Assert.DoesNotContain(scene.Shown.Lines, line => DataLists.Items.Contains(line.Item) && DataLists.IsHeldOutItem(line.Item));
            Assert.False(scene.Shown.NewLayout);
        }
    }

    [Theory]
    [MemberData(nameof(HeldOut))]
    public void HeldOutSplit_AnyPicture_ShowsOnlyHeldOutTypefacesAndWords(Split split)
    {
        foreach (var scene in All(split))
        {
            Assert.All(scene.Picture.Glyphs, glyph => Assert.True(glyph.Face.HeldOut));
            Assert.DoesNotContain(TestData.Words(scene).Select(TestData.Spell), word => DataLists.Words.Contains(word) && !DataLists.IsHeldOutWord(word) && !DataLists.Items.Contains(word));
            Assert.DoesNotContain(scene.Shown.Lines, line => !DataLists.Items.Contains(line.Item) || !DataLists.IsHeldOutItem(line.Item));
        }
    }

    [Theory]
    [InlineData(Split.Train, 0.4)]
    [InlineData(Split.Validation, 0.4)]
    [InlineData(Split.Routing, 0.4)]
    [InlineData(Split.Calibration, 1.0)]
    [InlineData(Split.Test, 1.0)]
    public void Receipts_ManyPictures_SellSoManyListedItems(Split split, double share)
    {
        var sold = TestData.Scenes(Pictures, split, Kinds.Receipt).SelectMany(scene => scene.Shown.Lines).Select(line => line.Item).ToList();

        Assert.Equal(share, sold.Count(DataLists.Items.Contains) / (double)sold.Count, 0.05);
    }

    [Fact]
    public void Receipts_ManyPictures_SellNothingTwice()
    {
        foreach (var scene in TestData.Scenes(Pictures, kind: Kinds.Receipt))
        {
            Assert.Equal(scene.Shown.Lines.Count, scene.Shown.Lines.DistinctBy(line => line.Item).Count());
            Assert.Equal(scene.Shown.Lines.Count, scene.Shown.Lines.DistinctBy(line => line.Price).Count());
        }
    }

    [Theory]
    [MemberData(nameof(HeldOut))]
    public void HeldOutSplit_ManyPictures_DrawAFifthOfTheirIconsFromHeldOutPairs(Split split)
    {
        var icons = TestData.Scenes(Pictures, split, Kinds.Grid).SelectMany(scene => scene.Picture.Icons).ToList();

        Assert.InRange(icons.Count(icon => IsHeldOut(icon.Art)) / (double)icons.Count, 0.15, 0.25);
    }

    [Fact]
    public void HeldOutPairs_AllConcepts_AreATenthAndLeaveFourStylesEach()
    {
        var pairs = TestData.Assets.Icons.Where(IsHeldOut).ToList();

        Assert.InRange(pairs.Count / (double)TestData.Assets.Icons.Count, 0.08, 0.12);
        Assert.Equal(pairs.Count, pairs.DistinctBy(art => art.Concept).Count());
        Assert.Equal(TestData.Assets.Styles.Count, pairs.DistinctBy(art => art.Style).Count());
    }

    [Fact]
    public void HeldOutTypefaces_AllFaces_AreFourOtherFamilies()
    {
        var heldOut = DataLists.Typefaces.Where(face => face.HeldOut).Select(face => face.Family).Distinct().ToList();

        Assert.Equal(4, heldOut.Count);
        Assert.DoesNotContain(DataLists.Typefaces, face => !face.HeldOut && heldOut.Contains(face.Family));
    }

    [Fact]
    public void Splits_SameIndices_ShareNoPicture()
    {
        var pictures = Enum.GetValues<Split>().SelectMany(split => TestData.Scenes(100, split)).Select(scene => scene.Picture.ToString()).ToList();

        Assert.Equal(pictures.Count, pictures.Distinct().Count());
    }

    [Fact]
    public void Layouts_EachKind_HoldTwoOutOrForMixturesThoseOfTheirParts()
    {
        Assert.All(Kinds.Asked, kind => Assert.Equal(kind == Kinds.Mixed ? 1 : 2, SceneGenerator.LayoutsOf(kind).Count(layout => layout.HeldOut)));
        Assert.All(Kinds.Asked, kind => Assert.Contains(SceneGenerator.LayoutsOf(kind), layout => !layout.HeldOut));
    }

    [Theory]
    [MemberData(nameof(HeldOut))]
    public void HeldOutSplit_ManyPictures_AskAFifthOfTheirQuestionsAboutHeldOutLayouts(Split split)
    {
        var scenes = TestData.Scenes(1500, split).ToList();
        var asked = scenes.SelectMany((scene, index) => QuestionSampler.Sample(scene, 4, 1, index)).ToList();

        Assert.Equal(0.2, asked.Count(question => question.New.HasFlag(Novelty.Layouts)) / (double)asked.Count, 0.03);
        var shown = scenes.Where(scene => scene.Shown.NewLayout).SelectMany(scene => scene.Layouts).Distinct();
        Assert.Superset(Kinds.Asked.SelectMany(kind => SceneGenerator.LayoutsOf(kind).Where(layout => layout.HeldOut).Select(layout => $"{kind}: {layout.Name}")).ToHashSet(), shown.ToHashSet());
    }

    private static IEnumerable<Scene> All(Split split) => TestData.Scenes(Pictures, split).Concat(TestData.Packed(60, split));

    private static bool IsHeldOut(IconArt art) => DataLists.IsHeldOutPair(art.Concept, art.Style, TestData.Assets.Styles.Count);
}
