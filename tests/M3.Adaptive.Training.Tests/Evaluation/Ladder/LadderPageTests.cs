using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.TestKit;
using M3.Adaptive.Training.Evaluation.Ladder;
using M3.Adaptive.Training.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.Evaluation.Ladder;

public sealed class LadderPageTests
{
    private static readonly QuestionSet Samples = QuestionSet.Read(Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "samples"));

    [Fact]
    public void Html_Report_StandsAlone()
    {
        var page = Page("00111");

        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("src=\"http", page);
        Assert.Equal(3, Count(page, "<svg"));
        Assert.EndsWith("</html>\n", page);
    }

    [Fact]
    public void Html_AnswerThatChanges_IsShownAtEveryScaleWithItsPicture()
    {
        var page = Page("00111");

        Assert.Equal(1 + 5, Count(page, "data:image/webp;base64,"));
        Assert.Equal(2, Count(page, "class=\"wrong\""));
        Assert.Equal(3, Count(page, "class=\"right\""));
    }

    [Fact]
    public void Html_OtherModels_GetAPlotAndARowEach()
    {
        var other = LadderReport.Of([Item("01111", "x")]).Scales;

        var page = Page("00111", against: new Dictionary<string, IReadOnlyDictionary<string, Share>> { ["sequential"] = other });

        Assert.Equal(4, Count(page, "<svg"));
        Assert.Contains("<td>nano</td>", page);
        Assert.Contains("<td>sequential</td>", page);
    }

    [Fact]
    public void Html_AxesOfTheData_AreATable()
    {
        var axes = new Dictionary<string, IReadOnlyDictionary<string, double>>
        {
            ["new words"] = new Dictionary<string, double> { ["1"] = 0, ["9"] = 0, ["36"] = 0.125, ["144"] = 0.5, ["576"] = 1, ["items"] = 8 },
        };

        Assert.Contains("<tr><td>new words</td><td>8</td><td>", Page("00111", axes: axes));
        Assert.DoesNotContain("never saw", Page("00111"));
    }

    [Fact]
    public void Html_AnswersThatNeverChange_ShowsNoGallery() => Assert.DoesNotContain("data:image", Page("11111"));

    [Fact]
    public void Html_ModelSaysMarkup_IsEscaped()
    {
        var page = Page("00111", answer: "<b>&");

        Assert.Contains("&lt;b&gt;&amp;", page);
        Assert.DoesNotContain("<b>", page);
    }

    private static LabelItem Item(string right, string answer)
    {
        var question = Samples.Questions[0];
        return new(question.Id, question.Image, question.Text, question.Category ?? "", Outcomes.Of(right, answer));
    }

    private static string Page(string right, string answer = "x", IReadOnlyDictionary<string, IReadOnlyDictionary<string, Share>>? against = null,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? axes = null)
    {
        var item = Item(right, answer);
        var table = new LabelTable(new LabelHeader("eval", new ModelIdentity("nano", new string('a', 64))), new Dictionary<string, float[]> { [item.Image] = [] }, [item]);
        return LadderPage.Html(LadderReport.Of(table.Items) with { Axes = axes, Against = against ?? new Dictionary<string, IReadOnlyDictionary<string, Share>>() }, table, Samples);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
