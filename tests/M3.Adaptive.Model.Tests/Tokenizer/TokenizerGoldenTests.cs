using System.Text.Json.Nodes;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.TestKit.Golden;
using Xunit;

namespace M3.Adaptive.Model.Tests.Tokenizer;

public sealed class TokenizerGoldenTests
{
    private static readonly Lazy<JsonNode> Cases = new(() => GoldenFolder.ReadJson(GoldenFolder.Index.Tokenizer.Cases));
    private static readonly Lazy<SentencePieceTokenizer> Tokenizer =
        new(() => SentencePieceTokenizer.Open(GoldenFolder.Index.PathOf(GoldenFolder.Index.Tokenizer.Model)));
    private readonly SentencePieceTokenizer _tokenizer = Tokenizer.Value;

    public static TheoryData<int> TextCases => Indices("text");

    public static TheoryData<int> DecodeCases => Indices("decode");

    public static TheoryData<int> ImagePromptCases => Indices("image_prompts");

    public static TheoryData<int> TextPromptCases => Indices("text_prompts");

    [GoldenFact]
    public void Vocabulary_Model_IsTheReferences()
    {
        var cases = Cases.Value;

        Assert.Equal(cases["vocabulary"]!.GetValue<int>(), _tokenizer.VocabularySize);
        Assert.Equal(cases["unk"]!.GetValue<int>(), _tokenizer.UnknownId);
        Assert.Equal(cases["bos"]!.GetValue<int>(), _tokenizer.BeginId);
        Assert.Equal(cases["eos"]!.GetValue<int>(), _tokenizer.EndId);
        Assert.Equal(VicunaPrompt.System, cases["system"]!.GetValue<string>());
        Assert.Equal(Strings(cases["pieces"]!), Enumerable.Range(0, _tokenizer.VocabularySize).Select(_tokenizer.Piece));
    }

    [GoldenTheory]
    [MemberData(nameof(TextCases))]
    public void Text_Case_EncodesAndDecodesAsTheReference(int index)
    {
        var expected = Case("text", index);

        var ids = _tokenizer.Encode(Text(expected, "text"));

        Assert.Equal(Ids(expected, "ids"), ids);
        Assert.Equal(Strings(expected["pieces"]!), ids.Select(_tokenizer.Piece));
        Assert.Equal(Text(expected, "decoded"), _tokenizer.Decode(ids));
    }

    [GoldenTheory]
    [MemberData(nameof(DecodeCases))]
    public void Decode_Case_GivesTheReferencesText(int index)
    {
        var expected = Case("decode", index);

        Assert.Equal(Text(expected, "text"), _tokenizer.Decode(Ids(expected, "ids")));
    }

    [GoldenTheory]
    [MemberData(nameof(ImagePromptCases))]
    public void ImagePrompt_Case_SplitsAtTheImageAsTheReference(int index)
    {
        var expected = Case("image_prompts", index);
        var prompt = new VicunaPrompt(_tokenizer);

        Assert.Equal(Ids(expected, "prefix_ids"), prompt.Prefix.ToArray());
        Assert.Equal(Cases.Value["prefix_length"]!.GetValue<int>(), prompt.Prefix.Length);
        Assert.Equal(Ids(expected, "suffix_ids"), prompt.Suffix(Text(expected, "question")));
    }

    [GoldenTheory]
    [MemberData(nameof(TextPromptCases))]
    public void TextPrompt_Case_IsOnePiece(int index)
    {
        var expected = Case("text_prompts", index);

        Assert.Equal(Ids(expected, "ids"), new VicunaPrompt(_tokenizer).TextOnly(Text(expected, "question")));
    }

    [GoldenFact]
    public void TwoTurn_Case_EncodesTheSecondTurnWithoutASpace()
    {
        var expected = Cases.Value["two_turn"]!;
        var prompt = new VicunaPrompt(_tokenizer);

        var suffix = prompt.Suffix(
            Text(expected, "second_question"), new Turn(Text(expected, "first_question"), Text(expected, "first_answer")));

        Assert.Equal(Ids(expected, "prefix_ids"), prompt.Prefix.ToArray());
        Assert.Equal(Ids(expected, "suffix_ids"), suffix);
    }

    private static TheoryData<int> Indices(string list) => [.. Enumerable.Range(0, Cases.Value[list]!.AsArray().Count)];

    private static JsonNode Case(string list, int index) => Cases.Value[list]![index]!;

    private static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();

    private static int[] Ids(JsonNode node, string key) => [.. node[key]!.AsArray().Select(id => id!.GetValue<int>())];

    private static string[] Strings(JsonNode node) => [.. node.AsArray().Select(piece => piece!.GetValue<string>())];
}
