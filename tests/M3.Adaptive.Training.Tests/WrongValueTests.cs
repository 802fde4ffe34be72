using System.CommandLine;
using Xunit;

namespace M3.Adaptive.Training.Tests;

/// <summary>Whatever option is given a value that it does not take: that is wrong use, and nothing begins.</summary>
public sealed class WrongValueTests
{
    public static TheoryData<string> Numbers => [.. from use in Uses(TrainingCommand.Create(), "") where IsNumber(use.Option) select $"{use.Command} {use.Option.Name}"];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task Run_NumberThatIsNone_IsWrongUse(string use)
    {
        foreach (var text in (string[])["x", "1,5", "", "--json"])
            Assert.Equal(2, await TrainingCommand.RunAsync([.. use.Split(' ', StringSplitOptions.RemoveEmptyEntries), text]));
    }

    [Theory]
    [InlineData("train", "--batch", "0")]
    [InlineData("train", "--steps", "-1")]
    [InlineData("train", "--threads", "-1")]
    [InlineData("train", "--learning-rate", "0")]
    [InlineData("train", "--device", "gpu")]
    [InlineData("data", "show", "0")]
    [InlineData("data", "export", "/no/such/folder", "--quality", "101")]
    [InlineData("eval", "--count", "0")]
    [InlineData("predictor", "train", "--trees", "0")]
    [InlineData("predictor", "eval", "--risk", "2")]
    public async Task Run_ValueOutOfRange_IsWrongUse(params string[] arguments) => Assert.Equal(2, await TrainingCommand.RunAsync(arguments));

    private static IEnumerable<(string Command, Option Option)> Uses(Command command, string path) =>
        command.Options.Select(option => (path, option)).Concat(command.Subcommands.SelectMany(child => Uses(child, $"{path} {child.Name}")));

    private static bool IsNumber(Option option) =>
        (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) is { IsPrimitive: true } type && type != typeof(bool);
}
