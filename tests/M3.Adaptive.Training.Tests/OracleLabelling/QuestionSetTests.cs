using M3.Adaptive.Training.OracleLabelling;
using Xunit;

namespace M3.Adaptive.Training.Tests.OracleLabelling;

public sealed class QuestionSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("m3-questions").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_NumericAndTextIds_AreBothTaken()
    {
        File.WriteAllText(Path.Combine(_folder, "a.png"), "");
        Write("""{"question_id": 7, "image": "a.png", "text": "what?", "answers": ["Red Apple"]}""", """{"question_id": "x", "image": "a.png", "text": "where?", "answers": ["left"], "category": "where"}""");

        var set = QuestionSet.Read(_folder);

        Assert.Equal(["7", "x"], set.Questions.Select(question => question.Id));
        Assert.Equal([null, "where"], set.Questions.Select(question => question.Category));
        Assert.Single(set.ByImage());
    }

    [Theory]
    [InlineData("red apple", true)]
    [InlineData(" RED   apple ", true)]
    [InlineData("apple", false)]
    public void IsRight_CaseAndSpaces_DoNotCount(string answer, bool right) =>
        Assert.Equal(right, new SetQuestion("1", "a.png", "what?", ["Red Apple"], null).IsRight(answer));

    [Fact]
    public void Read_NoFile_NamesIt()
    {
        var fault = Assert.Throws<InvalidDataException>(() => QuestionSet.Read(_folder));

        Assert.Contains("questions.jsonl", fault.Message);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"question_id": 1, "image": "a.png", "text": "what?"}""")]
    [InlineData("""{"question_id": 1, "image": "a.png", "text": "what?", "answers": []}""")]
    public void Read_MalformedLine_NamesItsNumber(string line)
    {
        Write(line);

        var fault = Assert.Throws<InvalidDataException>(() => QuestionSet.Read(_folder));

        Assert.Contains("questions.jsonl:1", fault.Message);
    }

    [Fact]
    public void Read_MissingPicture_NamesIt()
    {
        Write("""{"question_id": 1, "image": "gone.png", "text": "what?", "answers": ["x"]}""");

        var fault = Assert.Throws<InvalidDataException>(() => QuestionSet.Read(_folder));

        Assert.Contains("gone.png", fault.Message);
    }

    private void Write(params string[] lines) => File.WriteAllLines(Path.Combine(_folder, "questions.jsonl"), lines);
}
