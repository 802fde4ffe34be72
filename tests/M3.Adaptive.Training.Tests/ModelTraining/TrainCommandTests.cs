using Xunit;

namespace M3.Adaptive.Training.Tests.ModelTraining;

/// <summary>Options that are for a model that goes on: wanted by none, refused where none is named.</summary>
public sealed class TrainCommandTests
{
    [Theory]
    [InlineData("train")]
    [InlineData("train", "tokenizer")]
    [InlineData("train", "vision", "--pictures", "60000")]
    [InlineData("train", "features")]
    [InlineData("train", "language", "--steps", "100")]
    [InlineData("train", "export", "--out", "model")]
    [InlineData("train", "language", "--from", "models/m3-nano", "--learn-tower")]
    public void Parse_StageThatBeginsAnew_NeedsNoModel(params string[] arguments) => Assert.Empty(TrainingCommand.Create().Parse(arguments).Errors);

    [Theory]
    [InlineData("train", "--learn-tower")]
    [InlineData("train", "language", "--lessons", "all@9")]
    [InlineData("train", "export", "--keep", "0.5")]
    public void Parse_OptionOfAModelThatGoesOn_AsksForIt(params string[] arguments) =>
        Assert.Contains("--from models/m3-nano", Assert.Single(TrainingCommand.Create().Parse(arguments).Errors).Message, StringComparison.Ordinal);
}
