using M3.Adaptive.TestKit.Files;

namespace M3.Adaptive.CommandLine.Tests;

public sealed class QuestionSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_NumericAndTextIds_AreBothTaken()
    {
        File.WriteAllText(_folder.Combine("a.png"), "");
        Write("""{"question_id": 7, "image": "a.png", "text": "what?", "answers": ["Red Apple"]}""", "", """{"question_id": "x", "image": "a.png", "text": "where?", "answers": ["left"], "category": "where"}""");

        var set = QuestionSet.Read(_folder.Path);

        Assert.Equal(["7", "x"], set.Questions.Select(question => question.Id));
        Assert.Equal([null, "where"], set.Questions.Select(question => question.Category));
        Assert.Single(set.ByImage());
    }

    [Theory]
    [InlineData("red apple", true)]
    [InlineData(" RED   apple ", true)]
    [InlineData("a pear", true)]
    [InlineData("apple", false)]
    public void IsAnsweredBy_CaseAndSpaces_DoNotCount(string answer, bool right) =>
        Assert.Equal(right, new Question("1", "a.png", "what?", ["Red Apple", "a pear"]).IsAnsweredBy(answer));

    [Fact]
    public void Read_NoFile_NamesItAndTheOption()
    {
        var exception = Assert.Throws<CommandException>(() => QuestionSet.Read(_folder.Path));

        Assert.Equal(ExitCode.WrongUse, exception.Code);
        Assert.Contains("questions.jsonl", exception.Message, StringComparison.Ordinal);
        Assert.Contains("--data", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{"image": "a.png", "text": "what?", "answers": ["x"]}""")]
    [InlineData("""{"question_id": 1, "image": null, "text": "what?", "answers": ["x"]}""")]
    [InlineData("""{"question_id": 1, "image": "a.png", "text": "what?"}""")]
    [InlineData("""{"question_id": 1, "image": "a.png", "text": "what?", "answers": []}""")]
    public void Read_MalformedLine_NamesItsNumber(string line)
    {
        Write("", line);

        var exception = Assert.Throws<CommandException>(() => QuestionSet.Read(_folder.Path));

        Assert.Contains("questions.jsonl:2 is no question", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingPicture_NamesIt()
    {
        Write("""{"question_id": 1, "image": "gone.png", "text": "what?", "answers": ["x"]}""");

        Assert.Contains("gone.png", Assert.Throws<CommandException>(() => QuestionSet.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TheSameIdTwice_NamesIt()
    {
        const string line = """{"question_id": "twin", "image": "a.png", "text": "what?", "answers": ["x"]}""";
        Write(line, line);

        Assert.Contains("twin more than once", Assert.Throws<CommandException>(() => QuestionSet.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private void Write(params string[] lines) => File.WriteAllLines(_folder.Combine("questions.jsonl"), lines);
}
