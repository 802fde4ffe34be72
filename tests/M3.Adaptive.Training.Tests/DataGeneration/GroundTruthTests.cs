using M3.Adaptive.Model.Imaging;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Drawing;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration;

/// <summary>Answers against what is drawn, found again from places and pixels alone.</summary>
public sealed class GroundTruthTests
{
    private const int Pictures = 150;

    private static readonly string[] Places = ["top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right"];

    [Fact]
    public void ObjectAt_GridScenes_NamesTheOneIconInThatPlace()
    {
        foreach (var scene in TestData.Scenes(Pictures, kind: Kinds.Grid))
        {
            foreach (var question in Of(scene, Families.ObjectAt))
            {
                var there = scene.Picture.Icons.Where(icon => PlaceOf(scene, icon) == question.About).Select(icon => icon.Art.Concept.Name);
                Assert.Equal(question.Answer, there.SingleOrDefault(Question.NotThere));
            }
        }
    }

    [Theory]
    [InlineData(Kinds.Grid)]
    [InlineData(Kinds.Scatter)]
    [InlineData(Kinds.Sign)]
    public void Where_AnyScene_NamesThePlaceOfTheOnlyIconOfThatName(string kind)
    {
        var asked = 0;
        foreach (var scene in TestData.Scenes(Pictures, kind: kind))
        {
            foreach (var question in Of(scene, Families.Where))
            {
                Assert.Equal(question.Answer, scene.Picture.Icons.Where(icon => Names(question, icon)).Select(icon => PlaceOf(scene, icon)).SingleOrDefault(Question.NotThere));
                asked++;
            }
        }
        Assert.True(asked > 20);
    }

    [Fact]
    public void Exists_AnyScene_SaysWhetherAnIconOfThatNameIsThere()
    {
        var answers = new List<string>();
        foreach (var question in TestData.Scenes(Pictures).SelectMany(scene => Of(scene, Families.Exists).Select(question => (scene, question))))
        {
            var there = question.scene.Picture.Icons.Any(icon => Names(question.question, icon));
            Assert.Equal(there ? "yes" : "no", question.question.Answer);
            answers.Add(question.question.Answer);
        }
        Assert.Equal(answers.Count(answer => answer == "yes"), answers.Count(answer => answer == "no"));
    }

    [Fact]
    public void Count_ScatterScenes_CountsTheIconsOfThatName()
    {
        var counts = new HashSet<string>();
        foreach (var scene in TestData.Scenes(Pictures, kind: Kinds.Scatter))
        {
            foreach (var question in Of(scene, Families.Count))
            {
                Assert.Equal(question.Answer, scene.Picture.Icons.Count(icon => Names(question, icon)).ToString());
                counts.Add(question.Answer);
            }
        }
        Assert.Superset(new HashSet<string> { "0", "1", "2", "3", "4", "5", "6" }, counts);
    }

    [Fact]
    public void LargeObject_ObjectScenes_NamesTheLargestIcon()
    {
        foreach (var scene in TestData.Scenes(Pictures, kind: Kinds.LargeObject))
        {
            var largest = scene.Picture.Icons.MaxBy(icon => icon.Size);
            Assert.All(Of(scene, Families.LargeObject), question => Assert.Equal(largest.Art.Concept.Name, question.Answer));
            Assert.All(scene.Picture.Icons.Where(icon => icon != largest), icon => Assert.True(2 * icon.Size < largest.Size));
        }
    }

    [Fact]
    public void NotThere_ForeignFamily_IsOfNothingThatThePictureShows()
    {
        var asked = new HashSet<string>();
        foreach (var scene in TestData.Scenes(600))
        {
            foreach (var question in scene.Questions.Where(question => question.Answer == Question.NotThere && !SceneGenerator.FamiliesOf(scene.Kind).Contains(question.Family)))
            {
                asked.Add(question.Family);
                var shows = question.Family switch
                {
                    Families.LargeObject => scene.Picture.Icons.Count,
                    Families.Bars => scene.Picture.Bars.Count,
                    Families.Sign => scene.Shown.Texts.Count,
                    _ => scene.Shown.Lines.Count,
                };
                Assert.Equal(0, shows);
            }
        }

        Assert.Equal([Families.Bars, Families.LargeObject, Families.Receipt, Families.Sign], asked.Order());
    }

    [Fact]
    public void Background_AnyScene_IsTheColorOfTheEdge()
    {
        foreach (var scene in TestData.Scenes(150))
        {
            var (red, green, blue) = EdgeColor(TestData.Drawn(scene));

            Assert.Equal(Assert.Single(Of(scene, Families.Background)).Answer, TestData.NearestColor(red, green, blue));
        }
    }

    [Fact]
    public void Sign_AnyScene_SpellsOneOfTheWordsDrawn()
    {
        foreach (var scene in TestData.Scenes(Pictures, kind: Kinds.Sign))
        {
            var words = TestData.Words(scene).Select(TestData.Spell).ToList();
            Assert.All(Of(scene, Families.Sign), question => Assert.Contains(question.Answer, words.Append(Question.NotThere)));
        }
    }

    [Fact]
    public void Sign_TwoSigns_AnswersTheOneOnTheBoardOfThatColor()
    {
        var asked = 0;
        foreach (var scene in TestData.Scenes(2 * Pictures, kind: Kinds.Sign).Where(scene => TestData.Words(scene).Count == 2 && TestData.IsSharp(scene)))
        {
            var rgb = TestData.Pixels(scene);
            foreach (var question in Of(scene, Families.Sign).Where(question => question.Answer != Question.NotThere))
            {
                var first = TestData.Words(scene).Single(word => TestData.Spell(word) == question.Answer)[0];
                var (dx, dy) = Area.Turned(-first.Advance / 2 - 0.1 * first.Size, 0, first.Turn);
                Assert.Equal(TestData.ColorAt(scene, rgb, first.Ink.CenterX + dx, first.Ink.CenterY + dy), question.About);
                asked++;
            }
        }
        Assert.True(asked > 20);
    }

    [Fact]
    public void Receipt_AnyScene_PairsTheWordsOfALine()
    {
        foreach (var scene in TestData.Scenes(Pictures, kind: Kinds.Receipt))
        {
            // Along the turned lines, and across them.
            var lines = TestData.Words(scene).GroupBy(word => Math.Round(Area.Turned(word[0].CenterX, word[0].Baseline, -word[0].Turn).Y))
                .Select(line => line.OrderBy(word => word[0].CenterX).Select(TestData.Spell).ToArray()).Where(line => line is not ([_] or ["total", _])).ToList();
            Assert.All(lines, line => Assert.Equal(2, line.Length));
            Assert.Equal(scene.Shown.Lines.Select(line => (line.Item, line.Price)), lines.Select(line => (line[0], line[1])));
            foreach (var question in Of(scene, Families.Receipt))
            {
                if (question.Answer == Question.NotThere) Assert.DoesNotContain(lines, line => line.Contains(question.About));
                else Assert.Contains(lines, line => question.About == line[0] && question.Answer == line[1] || question.About == line[1] && question.Answer == line[0]);
            }
        }
    }

    [Fact]
    public void Bars_AnyScene_FollowHeightsColorsAndValues()
    {
        foreach (var scene in TestData.Scenes(Pictures, kind: Kinds.Bars).Where(TestData.IsSharp))
        {
            var rgb = TestData.Pixels(scene);
            var values = TestData.Words(scene).Select(TestData.Spell).ToList();
            var bars = scene.Picture.Bars.Select((bar, i) => (bar.Length, Value: values[i], Color: TestData.ColorAt(scene, rgb, bar.Box.CenterX, bar.Box.CenterY))).ToList();
            foreach (var question in Of(scene, Families.Bars))
            {
                if (question.About is "highest" or "longest") Assert.Equal(bars.MaxBy(bar => bar.Length).Color, question.Answer);
                else if (question.About is "lowest" or "shortest") Assert.Equal(bars.MinBy(bar => bar.Length).Color, question.Answer);
                else if (question.Answer == Question.NotThere) Assert.DoesNotContain(bars, bar => bar.Color == question.About || bar.Value == question.About);
                else Assert.Contains(bars, bar => question.About == bar.Color && question.Answer == bar.Value || question.About == bar.Value && question.Answer == bar.Color);
            }
            Assert.Equal(bars.Count.ToString(), Assert.Single(Of(scene, Families.Count)).Answer);
        }
    }

    [Fact]
    public void List_GridScenes_NamesEveryIconInReadingOrder()
    {
        foreach (var scene in TestData.Scenes(30, kind: Kinds.Grid))
        {
            var expected = scene.Picture.Icons.OrderBy(icon => Array.IndexOf(Places, PlaceOf(scene, icon)))
                .Select(icon => $"{PlaceOf(scene, icon)} {icon.Art.Concept.Name}");
            Assert.Equal(string.Join(", ", expected), Assert.Single(Of(scene, Families.List)).Answer);
        }
    }

    [Fact]
    public void Inventory_GridScenes_PlacesEveryIconAndNoOther()
    {
        foreach (var scene in TestData.Scenes(30, kind: Kinds.Grid))
        {
            var shown = scene.Picture.Icons.ToDictionary(icon => icon.Art.Concept.Name, icon => PlaceOf(scene, icon));
            foreach (var entries in Inventories(scene))
            {
                Assert.Superset(shown.Keys.ToHashSet(), entries.Select(entry => entry.Name).ToHashSet());
                Assert.All(entries, entry => Assert.Equal(shown.GetValueOrDefault(entry.Name, Question.NotThere), entry.Answer));
                Assert.InRange(entries.Count(entry => entry.Answer == Question.NotThere), 1, 3);
            }
        }
    }

    [Fact]
    public void Inventory_ScatterScenes_CountsEveryIcon()
    {
        foreach (var scene in TestData.Scenes(30, kind: Kinds.Scatter))
        {
            var shown = scene.Picture.Icons.GroupBy(icon => icon.Art.Concept.Name).ToDictionary(group => group.Key, group => $"{group.Count()}");
            foreach (var entries in Inventories(scene)) Assert.All(entries, entry => Assert.Equal(shown.GetValueOrDefault(entry.Name, "0"), entry.Answer));
        }
    }

    [Fact]
    public void Inventory_BarsScenes_HoldsWhatTheListHolds()
    {
        foreach (var scene in TestData.Scenes(30, kind: Kinds.Bars))
        {
            var listed = Assert.Single(Of(scene, Families.List)).Answer.Replace(" bar ", " ").Split(", ").Order();
            foreach (var entries in Inventories(scene)) Assert.Equal(listed, entries.Select(entry => $"{entry.Name} {entry.Answer}").Order());
        }
    }

    [Fact]
    public void Inventory_ReceiptScenes_AsksTheListBothWays()
    {
        foreach (var scene in TestData.Scenes(30, kind: Kinds.Receipt))
        {
            var listed = Assert.Single(Of(scene, Families.List)).Answer.Replace("\"", "").Split(", ").Order().ToArray();
            var inventories = Inventories(scene, count: 4).ToArray();
            Assert.All(inventories[..2], entries => Assert.Equal(listed, entries.Select(entry => $"{entry.Name} {entry.Answer}").Order()));
            Assert.All(inventories[2..], entries => Assert.Equal(listed, entries.Select(entry => $"{entry.Answer} {entry.Name}").Order()));
        }
    }

    /// <summary>Those of a scene, in different orders as a rule: "[fox] top left, [key] no".</summary>
    private static IEnumerable<(string Name, string Answer)[]> Inventories(Scene scene, int count = 2)
    {
        var asked = Of(scene, Families.Inventory).ToArray();
        Assert.Equal(count, asked.Length);
        return asked.Select(question => question.Answer.Replace("\"", "").Split(", ").Select(entry => entry.TrimStart('[').Split("] ")).Select(pair => (pair[0], pair[1])).ToArray());
    }

    private static IEnumerable<Question> Of(Scene scene, string family) => scene.Questions.Where(question => question.Family == family);

    private static bool Names(Question question, IconMark icon) => icon.Art.Concept.Name == question.About;

    private static string PlaceOf(Scene scene, IconMark icon)
    {
        var frame = scene.Picture.Frame;
        return Places[(int)((icon.Y + icon.Size / 2.0) * 3 / frame.Height) * 3 + (int)((icon.X + icon.Size / 2.0) * 3 / frame.Width)];
    }

    /// <summary>The mean of the commonest colours, but for shading, along the picture's edge, where nothing is ever placed.</summary>
    private static (int Red, int Green, int Blue) EdgeColor(RgbImage image)
    {
        var edge = Enumerable.Range(0, image.Width).SelectMany(x => new[] { (x, 0), (x, image.Height - 1) })
            .Concat(Enumerable.Range(0, image.Height).SelectMany(y => new[] { (0, y), (image.Width - 1, y) }))
            .Select(at => image.Row(at.Item2).Slice(3 * at.Item1, 3).ToArray());
        var commonest = edge.GroupBy(color => (color[0] / 48, color[1] / 48, color[2] / 48)).MaxBy(group => group.Count())!.ToArray();    // the edge is not empty
        return ((int)commonest.Average(color => color[0]), (int)commonest.Average(color => color[1]), (int)commonest.Average(color => color[2]));
    }
}
