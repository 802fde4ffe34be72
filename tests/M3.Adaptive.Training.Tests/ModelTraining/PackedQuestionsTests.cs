using M3.Adaptive.Core;
using M3.Adaptive.Model.Network;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.TestKit;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.ModelTraining;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.Tests.ModelTraining;

public sealed class PackedQuestionsTests
{
    private static readonly TokenizedQuestion[] Questions = [new("a", 1, [5, 6, 7], [8, 2]), new("b", 1, [9, 10], [11, 12, 2]), new("c", 1, [13], [2])];

    private static readonly int[] Prefix = [1, 3, 4];

    [Fact]
    public void Of_SeveralQuestions_PredictsWhatEachAloneWould()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        torch.manual_seed(3);
        var model = new M3Model(NanoModel.Config(vocabulary: 32));
        var features = randn(1, 576, 160);
        var scale = VisualScale.Of(9);

        var together = Run(Questions);
        var alone = cat([.. Questions.Select(question => Run([question]))], 0);

        Assert.InRange((together - alone).abs().max().ToSingle(), 0, 1e-3f);

        Tensor Run(TokenizedQuestion[] asked) => PackedForward.LogProbabilities(
            model, features, scale, Pooling.Average, PackedQuestions.Of([asked], Prefix, scale, ScalarType.Float32, CPU));
    }

    [Fact]
    public void Of_UnequalPictures_PadsWithoutChangingTheShorter()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        torch.manual_seed(4);
        var model = new M3Model(NanoModel.Config(vocabulary: 32));
        var features = randn(2, 576, 160);
        var scale = VisualScale.Of(1);

        var both = PackedForward.LogProbabilities(model, features, scale, Pooling.Average,
            PackedQuestions.Of([Questions, [Questions[0]]], Prefix, scale, ScalarType.Float32, CPU));
        var second = PackedForward.LogProbabilities(model, features.narrow(0, 1, 1), scale, Pooling.Average,
            PackedQuestions.Of([[Questions[0]]], Prefix, scale, ScalarType.Float32, CPU));

        Assert.InRange((both.narrow(0, 6, 2) - second).abs().max().ToSingle(), 0, 1e-3f);
    }

    [Fact]
    public void Of_Weights_CountAnAnswerAsTheRootOfItsLength()
    {
        using var scope = NewDisposeScope();
        var packed = PackedQuestions.Of([Questions], Prefix, VisualScale.Of(1), ScalarType.Float32, CPU);
        var weights = packed.Weights.data<float>().ToArray();

        var sums = packed.Owners.Zip(weights).GroupBy(pair => pair.First).Select(group => group.Sum(pair => pair.Second));

        var roots = Questions.Select(question => Math.Sqrt(question.Answer.Length)).ToArray();
        Assert.Equal(roots.Select(root => root / roots.Sum()), sums.Select(sum => (double)sum), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Of_Inventory_AsksOnlyWhatFollowsTheNames()
    {
        using var scope = NewDisposeScope();
        var tokenizer = SentencePieceTokenizer.Open(Path.Combine(RepositoryRoot.Path, "models", "m3-nano", "tokenizer.model"));
        var prompt = new VicunaPrompt(tokenizer);

        var inventory = TokenizedQuestion.Of(new Question(Families.Inventory, "where is everything", "[fox] top left, [hot dog] no", 9), prompt, tokenizer);

        Assert.Equal(prompt.Answer("fox top left, hot dog no"), inventory.Answer);
        Assert.Equal("top left no", tokenizer.Decode([.. inventory.Answer.Zip(inventory.Asked).Where(pair => pair.Second).Select(pair => pair.First)]));
        var packed = PackedQuestions.Of([[inventory]], Prefix, VisualScale.Of(1), ScalarType.Float32, CPU);
        Assert.Equal(inventory.Asked.Count(asked => asked), packed.Targets.shape[0]);
    }

    [Theory]
    [InlineData(Families.Receipt, "banana", "banana", "\u2581 b a n a n a </s>")]
    [InlineData(Families.Sign, "26", "26", "\u2581 2 6 </s>")]
    [InlineData(Families.LargeObject, "banana", "banana", "\u2581banana </s>")]
    [InlineData(Families.Receipt, Question.NotThere, Question.NotThere, "\u2581not \u2581there </s>")]
    [InlineData(Families.List, "\"banana\" 26, \"tea\" 3", "banana 26, tea 3", "\u2581 b a n a n a \u2581 2 6 , \u2581 t e a \u2581 3 </s>")]
    [InlineData(Families.List, "red sign \"fox\", fox", "red sign fox, fox", "\u2581red \u2581sign \u2581 f o x , \u2581fox </s>")]
    [InlineData(Families.Inventory, "[26] \"fox\", [3] \"tea\"", "26 fox, 3 tea", "\u2581 2 6 \u2581 f o x , \u2581 3 \u2581 t e a </s>")]
    public void Of_WhatIsReadFromThePicture_IsSpelled(string family, string answer, string said, string pieces)
    {
        var tokenizer = SentencePieceTokenizer.Load(NanoVocabulary.Of(), "built");

        var question = TokenizedQuestion.Of(new Question(family, "what is it", answer, 9), new VicunaPrompt(tokenizer), tokenizer);

        Assert.Equal(pieces.Split(' '), question.Answer.Select(tokenizer.Piece));
        Assert.Equal(said, tokenizer.Decode(question.Answer));
    }

    [Fact]
    public void Right_OneTokenWrong_LosesTheQuestion()
    {
        using var scope = NewDisposeScope();
        var packed = PackedQuestions.Of([Questions], Prefix, VisualScale.Of(1), ScalarType.Float32, CPU);
        var perfect = nn.functional.one_hot(packed.Targets, 32).to(ScalarType.Float32);
        Assert.Equal([true, true, true], PackedForward.Right(perfect, packed));

        var flawed = perfect.clone();
        flawed[3, 30] = tensor(5f);      // the second question's second token

        Assert.Equal([true, false, true], PackedForward.Right(flawed, packed));
    }
}
