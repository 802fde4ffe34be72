using System.CommandLine;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.CommandLine.Tests.Values;

public sealed class AllowedValuesTests
{
    [Theory]
    [InlineData("7", null)]
    [InlineData("0", "--count is 0; expected 1 or more.")]
    [InlineData("x", "--count is 'x'; expected a whole number.")]
    [InlineData("1,5", "--count is '1,5'; expected a whole number.")]
    public void Where_AnyText_IsTakenOrRefusedInOneSentence(string text, string? expected)
    {
        foreach (Option option in (Option[])[new Option<int>("--count").Where(IsOne, "1 or more"), new Option<int?>("--count").Where(IsOneOrNull, "1 or more")])
            Assert.Equal(expected, FaultOf(new RootCommand { option }, "--count", text));
    }

    [Fact]
    public void Where_Argument_IsCheckedToo() =>
        Assert.Equal("count is 0; expected 1 or more.", FaultOf(new RootCommand { new Argument<int>("count").Where(IsOne, "1 or more") }, "0"));

    [Fact]
    public void Where_ValueNotGiven_TakesTheDefault() =>
        Assert.Null(FaultOf(new RootCommand { new Option<int>("--count") { DefaultValueFactory = _ => 5 }.Where(IsOne, "1 or more") }));

    private static string? FaultOf(RootCommand root, params string[] arguments)
    {
        StrictArguments.Apply(root);
        return root.Parse(arguments).Errors.SingleOrDefault()?.Message;
    }

    private static bool IsOne(int count) => count >= 1;

    private static bool IsOneOrNull(int? count) => count is null or >= 1;
}
