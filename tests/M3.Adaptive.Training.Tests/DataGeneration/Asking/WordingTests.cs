using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Asking;
using Xunit;

namespace M3.Adaptive.Training.Tests.DataGeneration.Asking;

public sealed class WordingTests
{
    public static TheoryData<string> AskedFamilies => [.. Families.All.Except(Families.TrainingOnly)];

    [Theory]
    [MemberData(nameof(AskedFamilies))]
    public void OfFamily_EachFamily_HasTwoHundredFormsAndHoldsOutAFifth(string family)
    {
        var forms = Forms(family);

        var (asked, heldOut) = (forms.Where(form => !form.HeldOut).Select(form => form.Text).ToHashSet(), forms.Where(form => form.HeldOut).Select(form => form.Text).ToHashSet());
        Assert.InRange(asked.Count + heldOut.Count, 200, 5_000);
        Assert.InRange(heldOut.Count / (double)(asked.Count + heldOut.Count), 0.16, 0.24);
        Assert.Empty(asked.Intersect(heldOut));
        Assert.All(Wordings.OfFamily[family], wording => Assert.InRange(wording.Forms.Count(form => form.HeldOut) / (double)wording.Forms.Count(), 0.15, 0.25));
    }

    [Theory]
    [MemberData(nameof(AskedFamilies))]
    public void OfFamily_EachForm_IsWordsAndPlacesOfASubject(string family) =>
        Assert.All(Forms(family), form => Assert.Matches(@"^(\{(x|a|many|is|does|costs|it is)\}|[a-z']+)(,? (\{(x|a|many|is|does|costs|it is)\}|[a-z']+))*$", form.Text));

    [Fact]
    public void Forms_GroupsAndCarriers_AreEveryCombinationOnce()
    {
        var wording = new Wording("? where is (the|this) {x}( now|)\n= the place");

        Assert.Equal(
            ["where is the {x} now", "where is the {x}", "where is this {x} now", "where is this {x}", "what is the place", "what's the place", "tell me the place",
             "please name the place", "name the place", "can you tell me the place", "i would like to know the place", "the place"],
            wording.Forms.Select(form => form.Text));
        Assert.Equal([true, true, true, true, true, true, false, false, false, true, false, true], wording.Forms.Select(form => form.IsQuestion));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Draw_EitherHalf_StaysInIt(bool heldOut)
    {
        var random = new SeededRandom(3);

        Assert.All(Enumerable.Range(0, 500), _ => Assert.Equal(heldOut, Wordings.Price.Draw(random, new("milk"), heldOut).HeldOut));
    }

    [Theory]
    [InlineData("fox", "foxes", "a fox", "is")]
    [InlineData("owl", "owls", "an owl", "is")]
    [InlineData("umbrella", "umbrellas", "an umbrella", "is")]
    [InlineData("unicorn", "unicorns", "a unicorn", "is")]
    [InlineData("butterfly", "butterflies", "a butterfly", "is")]
    [InlineData("turkey", "turkeys", "a turkey", "is")]
    [InlineData("wolf", "wolves", "a wolf", "is")]
    [InlineData("watch", "watches", "a watch", "is")]
    [InlineData("scissors", "scissors", "scissors", "are")]
    public void Fill_Names_AgreeWithTheRest(string name, string many, string withArticle, string be) =>
        Assert.Equal($"{many}, {withArticle}, {be}", new Subject(name).Fill("{many}, {a}, {is}", new SeededRandom(1), capitals: false));

    [Fact]
    public void Draw_NameWithoutPlural_AsksForNone()
    {
        var random = new SeededRandom(3);

        Assert.All(Enumerable.Range(0, 300), _ => Assert.DoesNotContain("{many}", Wordings.Count.Draw(random, new("bread"), heldOut: false).Text));
    }

    [Fact]
    public void Type_ManyTimes_WritesCapitalsMarksAndSlips()
    {
        var (random, form) = (new SeededRandom(3), new Form("where {is} the {x}", IsQuestion: true, HeldOut: false));

        var typed = Enumerable.Range(0, 2000).Select(_ => Typing.Type(form, new("red apple"), random)).CountBy(text => text).ToDictionary();

        Assert.All(["where is the red apple", "where is the red apple?", "Where is the red apple?", "Where is the Red Apple?", "WHERE IS THE RED APPLE?", "WHERE IS THE RED APPLE"],
            text => Assert.InRange(typed[text], 30, 700));
        Assert.Contains("whree is the red apple", typed.Keys);
        Assert.All(typed.Keys, text => Assert.Contains("red apple", text, StringComparison.OrdinalIgnoreCase));
    }

    private static List<Form> Forms(string family) => [.. Wordings.OfFamily[family].SelectMany(wording => wording.Forms)];
}
