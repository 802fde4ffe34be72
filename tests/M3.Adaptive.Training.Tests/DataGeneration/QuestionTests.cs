using System.Text.RegularExpressions;
using M3.Adaptive.Training.DataGeneration;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration;

public sealed partial class QuestionTests
{
    public static TheoryData<Split> Splits => [.. Enum.GetValues<Split>()];

    [Theory]
    [MemberData(nameof(Splits))]
    public void QuestionScene_ManyPictures_AskEveryFamilyInLettersAndDigits(Split split)
    {
        var questions = TestData.Scenes(300, split).SelectMany(scene => scene.Questions).ToList();

        Assert.Equal(Families.All.Order(), questions.Select(question => question.Family).Distinct().Order());
        Assert.All(questions, question =>
        {
            Assert.Matches(PlainQuestion(), question.Text);
            Assert.Matches(question.Family == Families.Inventory ? PlainInventory() : PlainAnswer(), question.Answer);
            Assert.Contains(question.ExpectedTokens, new[] { 1, 9, 36, 144, 576 });
        });
    }

    [Fact]
    public void QuestionScene_EachFamily_HasSeveralWordings()
    {
        foreach (var family in TestData.Scenes(400).SelectMany(scene => scene.Questions).GroupBy(question => question.Family))
        {
            var openings = family.Select(question => string.Join(' ', question.Text.Split(' ')[..2])).Distinct();
            Assert.True(openings.Count() >= 3, $"{family.Key}: {string.Join("; ", openings)}");
        }
    }

    [Theory]
    [InlineData(Families.LargeObject)]
    [InlineData(Families.ObjectAt)]
    [InlineData(Families.Where)]
    [InlineData(Families.Exists)]
    [InlineData(Families.Sign)]
    [InlineData(Families.Receipt)]
    [InlineData(Families.Bars)]
    public void QuestionScene_SameFamily_NeedsFewOrManyTokensByPicture(string family)
    {
        var wanted = TestData.Scenes(400).SelectMany(scene => scene.Questions).Where(question => question.Family == family);

        Assert.True(wanted.Select(question => question.ExpectedTokens).Distinct().Count() >= 2);
    }

    [Theory]
    [MemberData(nameof(Splits))]
    public void Sample_ManyPictures_AskATenthForWhatIsNotThere(Split split)
    {
        var absent = Sampled(1500, split).GroupBy(question => question.Family).ToDictionary(family => family.Key, family => family.Count(question => question.Answer == Question.NotThere) / (double)family.Count());
        var all = Sampled(1500, split);

        Assert.Equal(0.1, all.Count(question => question.Answer == Question.NotThere) / (double)all.Count, 0.015);
        Assert.All([Families.LargeObject, Families.ObjectAt, Families.Where, Families.Sign, Families.Receipt, Families.Bars], family => Assert.InRange(absent[family], 0.05, 0.3));
        Assert.All([Families.Background, Families.Exists, Families.Count], family => Assert.Equal(0, absent[family]));
        Assert.InRange(all.Count(question => question is { Family: Families.Count, Answer: "0" }) / (double)all.Count(question => question.Family == Families.Count), 0.03, 0.15);
    }

    [Theory]
    [InlineData(Split.Train, 0)]
    [InlineData(Split.Routing, 0)]
    [InlineData(Split.Calibration, 1 / 3.0)]
    [InlineData(Split.Test, 1 / 3.0)]
    public void Sample_ManyPictures_AskSoManyInHeldOutWordings(Split split, double share)
    {
        var all = Sampled(1000, split);

        Assert.Equal(share, all.Count(question => question.New.HasFlag(Novelty.Wordings)) / (double)all.Count, share == 0 ? 0 : 0.02);
    }

    /// <summary>The shares of the weights' own test set: with others, accuracy and gradient would only show the mix.</summary>
    [Fact]
    public void Sample_TestSplit_AsksEachFamilyAsOftenAsTheFirstTestSetDid()
    {
        var first = new Dictionary<string, double>
        {
            [Families.Background] = 17.9,
            [Families.Exists] = 16.5,
            [Families.Where] = 14.7,
            [Families.ObjectAt] = 12.4,
            [Families.Sign] = 9.4,
            [Families.LargeObject] = 8.8,
            [Families.Bars] = 7.7,
            [Families.Receipt] = 6.5,
            [Families.Count] = 6.3,
        };
        var all = Sampled(3000, Split.Test);

        Assert.All(first, family => Assert.Equal(family.Value, 100.0 * all.Count(question => question.Family == family.Key) / all.Count, 2.0));
    }

    [Fact]
    public void QuestionScene_OneFamily_AsksNothingElse()
    {
        var families = new HashSet<string> { Families.Where };
        var generator = TestData.Generator();

        for (var i = 0; i < 50; i++)
        {
            var scene = generator.QuestionScene(i, families);
            Assert.NotEmpty(scene.Questions);
            Assert.All(scene.Questions, question => Assert.Equal(Families.Where, question.Family));
            Assert.Contains(scene.Kind, new[] { Kinds.Grid, Kinds.Scatter, Kinds.Sign, Kinds.Mixed });
        }
    }

    [Fact]
    public void QuestionScene_NoKindLeft_SaysSo()
    {
        var families = new HashSet<string> { Families.Receipt };
        var kinds = new HashSet<string> { Kinds.Grid };

        Assert.Throws<ArgumentException>(() => TestData.Generator().QuestionScene(0, families, kinds));
    }

    [Fact]
    public void FamiliesOf_EachKind_AreTheOnesItAsks()
    {
        foreach (var kind in Kinds.Asked)
        {
            var asked = TestData.Scenes(150, kind: kind).SelectMany(scene => scene.Questions).Where(question => question.Answer != Question.NotThere).Select(question => question.Family).Distinct();
            Assert.Equal(SceneGenerator.FamiliesOf(kind).Order(), asked.Order());
        }
        Assert.Throws<ArgumentException>(() => SceneGenerator.FamiliesOf("poster"));
    }

    [Theory]
    [MemberData(nameof(Splits))]
    public void Scenes_ManyPictures_StayInsideAndWithinTheTextSizes(Split split)
    {
        foreach (var scene in TestData.Scenes(1500, split).Concat(TestData.Packed(100, split)))
        {
            Assert.All(scene.Picture.Icons, icon =>
            {
                Assert.InRange(icon.X, 0, scene.Picture.Frame.Width - icon.Size);
                Assert.InRange(icon.Y, 0, scene.Picture.Frame.Height - icon.Size);
            });
            Assert.All(scene.Picture.Glyphs, glyph =>
            {
                Assert.InRange(glyph.Size, 17, 64);
                Assert.InRange(glyph.Ink.CenterX, 0, scene.Picture.Frame.Width);
                Assert.InRange(glyph.Ink.CenterY, 0, scene.Picture.Frame.Height);
                Assert.True(glyph.Size * scene.Picture.Frame.Sharpness > 8.9);     // legible, in the pixels that were drawn
                Assert.InRange(glyph.IndexInWord, 0, 8);
            });
        }
    }

    [Fact]
    public void Scatter_AnyPicture_OverlapsNothing()
    {
        foreach (var scene in TestData.Scenes(200, kind: Kinds.Scatter))
        {
            var boxes = scene.Picture.Icons.Select(icon => icon.Box).ToList();
            Assert.DoesNotContain(boxes, box => boxes.Any(other => other != box && other.Overlaps(box)));
        }
    }

    [Fact]
    public void Sample_AnyScene_NeverAsksWhatIsForTrainingOnly()
    {
        var scenes = TestData.Scenes(100, Split.Test).Select((scene, index) => QuestionSampler.Sample(scene, 4, 1, index)).ToList();

        Assert.All(scenes, questions => Assert.InRange(questions.Count, 1, 4));
        Assert.DoesNotContain(scenes.SelectMany(questions => questions), question => Families.TrainingOnly.Contains(question.Family));
        Assert.True(scenes.SelectMany(questions => questions).Select(question => question.Family).Distinct().Count() == Families.All.Count - Families.TrainingOnly.Count);
    }

    private static List<Question> Sampled(int pictures, Split split) =>
        [.. TestData.Scenes(pictures, split).SelectMany((scene, index) => QuestionSampler.Sample(scene, 4, seed: 1, index))];

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9 ,:']*[A-Za-z0-9][?.]?$")]
    private static partial Regex PlainQuestion();

    [GeneratedRegex("^[a-z0-9\"]([a-z0-9 ,\"]*[a-z0-9\"])?$")]
    private static partial Regex PlainAnswer();

    [GeneratedRegex("^\\[[a-z0-9 ]+\\] [a-z0-9 \"]+(, \\[[a-z0-9 ]+\\] [a-z0-9 \"]+)*$")]
    private static partial Regex PlainInventory();
}
