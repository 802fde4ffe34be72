using System.Text;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Golden;

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
    [InlineData("not json", "it is no JSON from character 2 on")]
    [InlineData("null", "it is null; expected an object")]
    [InlineData("""[{"id": "0", "image": "a.png", "conversations": []}]""", "conversations is no list of pairs")]
    [InlineData("""{"id": "0", "image": "a.png", "conversations": [{"from": "human", "value": "what?"}]}""", "conversations is no list of pairs")]
    [InlineData("""{"id": "0", "image": "a.png", "conversations": [{"from": "gpt", "value": "x"}, {"from": "human", "value": "what?"}]}""", "a turn of conversations is not as expected")]
    [InlineData("""{"id": "0", "image": "a.png", "conversations": [{"from": "human", "value": "<image>"}, {"from": "gpt", "value": "x"}]}""", "turn 1 of conversations is empty")]
    [InlineData("""{"image": "a.png", "conversations": [{"from": "human", "value": "what?"}, {"from": "gpt", "value": "x"}]}""", "id is missing")]
    [InlineData("""["a"]""", "it is a list; expected an object")]
    [InlineData("""{"image": "a.png", "text": "what?", "answers": ["x"]}""", "question_id is missing")]
    [InlineData("""{"question_id": 1.5, "image": "a.png", "text": "what?", "answers": ["x"]}""", "question_id is the number 1.5; expected a whole number or a text")]
    [InlineData("""{"question_id": true, "image": "a.png", "text": "what?", "answers": ["x"]}""", "question_id is true")]
    [InlineData("""{"question_id": 1, "image": null, "text": "what?", "answers": ["x"]}""", "image is null; expected a text")]
    [InlineData("""{"question_id": 1, "image": "a.png", "text": "", "answers": ["x"]}""", "text is empty")]
    [InlineData("""{"question_id": 1, "image": "a.png", "text": 5, "answers": ["x"]}""", "text is the number 5; expected a text")]
    [InlineData("""{"question_id": 1, "image": "a.png", "text": "what?"}""", "answers is missing")]
    [InlineData("""{"question_id": 1, "image": "a.png", "text": "what?", "answers": []}""", "answers is empty; expected a list of texts")]
    [InlineData("""{"question_id": 1, "image": "a.png", "text": "what?", "answers": [null]}""", "answers holds null; expected texts")]
    [InlineData("""{"question_id": 1, "image": "a.png", "text": "what?", "answers": {"a": 1}}""", "answers is an object; expected a list of texts")]
    [InlineData("""{"question_id": 1, "image": "a.png", "text": "what?", "answers": ["x"], "category": 3}""", "category is the number 3; expected a text")]
    [InlineData("""{"question_id": 1, "image": "a.png", "text": "what?", "answers": ["x"], "axes": "new words"}""", "axes is no list of texts")]
    public void Read_MalformedLine_NamesPlaceFieldAndExpectation(string line, string fault)
    {
        Write("", line);

        var exception = Assert.Throws<CommandException>(() => QuestionSet.Read(_folder.Path));

        Assert.Equal(ExitCode.WrongUse, exception.Code);
        Assert.Contains($"questions.jsonl:2: {fault}", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NotUtf8_NamesTheLine()
    {
        Write("""{"question_id": 1, "image": "a.png", "text": "caf\u00e9 or café?", "answers": ["x"]}""");
        File.AppendAllBytes(Path.Combine(_folder.Path, "questions.jsonl"), Encoding.Latin1.GetBytes("""{"question_id": 2, "image": "a.png", "text": "café?", "answers": ["x"]}"""));

        var exception = Assert.Throws<CommandException>(() => QuestionSet.Read(_folder.Path));

        Assert.Contains("questions.jsonl:2: it is not in UTF-8", exception.Message, StringComparison.Ordinal);
    }

    [CaseTheory]
    [InlineData("questions-not-utf8/d35-latin1", "it is not in UTF-8")]
    [InlineData("questions-null-answer/d17-null-answer", "answers holds null")]
    [InlineData("questions-wrong-types/d11-answer-int", "answers holds the number 26; expected texts")]
    [InlineData("questions-wrong-types/d13-answers-dicts", "answers holds an object; expected texts")]
    [InlineData("questions-wrong-types/d24-float-id", "question_id is the number 1.5")]
    public void Read_CaseOfAWrongFile_NamesPlaceAndExpectation(string folder, string fault)
    {
        var exception = Assert.Throws<CommandException>(() => QuestionSet.Read(CaseFolder.PathOf(folder)));

        Assert.Contains($"questions.jsonl:1: {fault}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\": \"7\", \"image\": \"a.png\", \"conversations\": [TURNS]}")]
    [InlineData("[{\"id\": \"7\", \"image\": \"a.png\", \"conversations\": [TURNS]}]")]
    [InlineData("[\n  {\n \"id\": 7, \"image\": \"a.png\",\n \"conversations\": [TURNS]}\n]")]
    [InlineData("[{\n \"id\": 7, \"image\": \"a.png\",\n \"conversations\": [TURNS]}]")]
    public void Read_Conversations_AsksEachTurn(string file)
    {
        const string Turns = """{"from": "human", "value": "<image>\nWhat is it?"}, {"from": "gpt", "value": "A cat"}, {"from": "human", "value": "Where?"}, {"from": "gpt", "value": "left"}""";
        File.WriteAllText(_folder.Combine("a.png"), "");
        Write(file.Replace("TURNS", Turns, StringComparison.Ordinal));

        var questions = QuestionSet.Read(_folder.Path).Questions;

        Assert.Equal([("7", "What is it?", "A cat"), ("7/2", "Where?", "left")], questions.Select(question => (question.Id, question.Text, Assert.Single(question.Answers))));
    }

    [Fact]
    public void Read_OneAnswerByItself_IsTheOneThatCounts()
    {
        File.WriteAllText(_folder.Combine("a.png"), "");
        Write("""{"question_id": 1, "image": "a.png", "text": "what?", "answers": "red"}""");

        Assert.Equal(["red"], Assert.Single(QuestionSet.Read(_folder.Path).Questions).Answers);
    }

    [CaseTheory]
    [InlineData("questions-wrong-types/d08-conversations", "red")]
    [InlineData("questions-wrong-types/d10-answer-string", "red")]
    public void Read_CaseOfAForeignFile_IsTaken(string folder, string answer) =>
        Assert.Equal([answer], QuestionSet.Read(CaseFolder.PathOf(folder)).Questions[0].Answers);

    [Theory]
    [InlineData(3, "0 3 6")]
    [InlineData(10, "0 1 2 3 4 5 6 7 8 9")]
    [InlineData(11, "0 1 2 3 4 5 6 7 8 9")]
    [InlineData(1, "0")]
    public void Thinned_AnyCount_TakesThatManyAtEqualDistances(int count, string expected)
    {
        var set = new QuestionSet("folder", [.. Enumerable.Range(0, 10).Select(id => new Question($"{id}", "a.png", "what?", ["x"]))]);

        Assert.Equal(expected, string.Join(' ', set.Thinned(count).Questions.Select(question => question.Id)));
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
