using M3.Adaptive.Core;
using M3.Adaptive.Inference.Engine;
using M3.Adaptive.TestKit.Time;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

public sealed class M3GeneratorTests : IDisposable
{
    private const string Question = "what is it?";
    private static readonly byte[] Picture = TinyModel.Picture();
    private static readonly DecodingOptions Long = new() { MaxNewTokens = 200, Temperature = 2, Seed = 1 };

    private readonly M3Generator _generator = TinyModel.Generator();

    public void Dispose() => _generator.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(36)]
    [InlineData(144)]
    [InlineData(576)]
    public async Task GenerateAsync_AnyScale_EqualsRecomputingEverythingWithoutCache(int scale)
    {
        using var loaded = TinyModel.Load();
        var expected = PlainDecoder.Answer(loaded, loaded.ReadPixels(Picture), VisualScale.Of(scale), loaded.Prompt.Suffix(Question), newTokens: 12);

        var answer = await Ask(Question, scale, new() { MaxNewTokens = 12 });

        Assert.Equal(expected, answer.Select(token => token.TokenId));
    }

    [Theory]
    [InlineData("sequential")]
    [InlineData("spatial")]
    public async Task GenerateAsync_OtherPooling_FollowsTheConfiguration(string pooling)
    {
        using var loaded = TinyModel.Load(pooling: pooling);
        using var generator = TinyModel.Generator(pooling: pooling);
        var expected = PlainDecoder.Answer(loaded, loaded.ReadPixels(Picture), VisualScale.Of(9), loaded.Prompt.Suffix(Question), newTokens: 12);
        using var image = await generator.EncodeAsync(Picture, CancellationToken.None);

        var answer = await Collect(image, Question, 9, new() { MaxNewTokens = 12 }, generator);

        Assert.Equal(expected, answer.Select(token => token.TokenId));
        Assert.NotEqual((await Ask(Question, 9, new() { MaxNewTokens = 1 }))[0].LogProbability, answer[0].LogProbability);
    }

    [Fact]
    public async Task GenerateAsync_DifferentPicturesAndScales_GiveDifferentAnswers()
    {
        using var one = await _generator.EncodeAsync(TinyModel.Picture(1), CancellationToken.None);
        using var other = await _generator.EncodeAsync(TinyModel.Picture(2), CancellationToken.None);

        float[][] evidence =
        [
            await Evidence(one, 576), await Evidence(other, 576), await Evidence(one, 9), await Evidence(other, 9),
        ];

        Assert.Equal(4, evidence.Select(values => string.Join(' ', values)).Distinct().Count());
    }

    [Fact]
    public async Task GenerateAsync_OtherRequestsQueued_AnswerIsTheSame()
    {
        using var image = await _generator.EncodeAsync(Picture, CancellationToken.None);
        using var other = await _generator.EncodeAsync(TinyModel.Picture(7), CancellationToken.None);
        var alone = await Collect(image, "12 apples?", 36, DecodingOptions.Greedy);

        var crowd = Enumerable.Range(0, 12).Select(i => Collect(i % 2 == 0 ? other : image, $"what {i}?", VisualScale.Ladder[i % 5], Long)).ToList();
        var among = await Collect(image, "12 apples?", 36, DecodingOptions.Greedy);
        await Task.WhenAll(crowd).Soon();

        Assert.Equal(alone.Select(static token => (token.TokenId, token.Text, token.Finish)), among.Select(static token => (token.TokenId, token.Text, token.Finish)));
        // Products round by how many rows they have: float32's last digits may differ, its greedy tokens may not.
        Assert.All(alone.Zip(among), static pair => Assert.Equal(pair.First.LogProbability, pair.Second.LogProbability, 1e-4f));
    }

    [Fact]
    public async Task GenerateAsync_Sampling_SeedDecides()
    {
        var options = new DecodingOptions { MaxNewTokens = 20, Temperature = 1, TopP = 0.95f, Seed = 5 };

        var first = await Ask(Question, 9, options);
        var again = await Ask(Question, 9, options);
        var other = await Ask(Question, 9, options with { Seed = 6 });

        Assert.Equal(first.Select(Timeless), again.Select(Timeless));
        Assert.NotEqual(first.Select(Timeless), other.Select(Timeless));
    }

    [Fact]
    public async Task AnswerAllAsync_SeveralQuestionsAndScales_AnswersAndChargesAsEachAlone()
    {
        string[] questions = [Question, "12 apples?", "what?"];
        var decoding = new DecodingOptions { MaxNewTokens = 12 };
        using var apart = TinyModel.Generator(new() { Threads = 1, PictureKvBytes = 0 });
        using var image = await _generator.EncodeAsync(Picture, CancellationToken.None);
        using var same = await apart.EncodeAsync(Picture, CancellationToken.None);

        var together = await _generator.AnswerAllAsync(image, questions, VisualScale.All, decoding, CancellationToken.None);

        Assert.Equal(VisualScale.All.Count, together.Count);
        foreach (var (scale, answers) in VisualScale.All.Zip(together))
        {
            Assert.Equal(questions.Length, answers.Count);
            foreach (var (question, answer) in questions.Zip(answers))
            {
                var alone = await Collect(same, question, scale.Tokens, decoding, apart);
                Assert.Equal(alone.Select(token => token.TokenId), answer.Select(token => token.TokenId));
                Assert.Equal(alone.Select(token => Timeless(token).Charged), answer.Select(token => Timeless(token).Charged));
                Assert.All(alone.Zip(answer), pair => Assert.Equal(pair.First.LogProbability, pair.Second.LogProbability, 1e-4f));
            }
        }
    }

    [Fact]
    public async Task AnswerAllAsync_OneQuestionTooLong_SaysSo()
    {
        using var image = await _generator.EncodeAsync(Picture, CancellationToken.None);

        await Assert.ThrowsAsync<ContextLengthException>(() =>
            _generator.AnswerAllAsync(image, [Question, new string('?', 5000)], [VisualScale.Of(9)], DecodingOptions.Greedy, CancellationToken.None));
    }

    [Fact]
    public async Task GenerateAsync_FirstToken_CarriesVisualTokensAndPrefill()
    {
        var answer = await Ask(Question, 36, Long);

        Assert.Equal(36, answer[0].Charged.VisualTokens);
        Assert.All(answer.Skip(1), token => Assert.Equal(0, token.Charged.VisualTokens));
        Assert.True(answer[0].Charged.Flops > 20 * answer[1].Charged.Flops);
        Assert.All(answer, token => Assert.True(token.Charged.Seconds > 0));
    }

    [Fact]
    public async Task Estimate_SameAnswer_EqualsWhatItWasCharged()
    {
        var answer = await Ask(Question, 144, Long);
        var charged = Cost.Sum(answer.Select(token => token.Charged));

        var estimate = _generator.Estimate(Question, VisualScale.Of(144), answer.Count);

        Assert.Equal(charged.VisualTokens, estimate.VisualTokens);
        Assert.Equal(charged.Flops, estimate.Flops, charged.Flops * 1e-12);
        Assert.InRange(estimate.Seconds, 1e-6, 60);
    }

    [Fact]
    public void Estimate_AnotherQuestionInBetween_IsEachQuestionsOwn()
    {
        var flops = FlopsOf(Question);
        var more = FlopsOf($"{Question} {Question}");

        Assert.True(more > flops);
        Assert.Equal((flops, more), (FlopsOf(Question), FlopsOf($"{Question} {Question}")));

        double FlopsOf(string question) => _generator.Estimate(question, VisualScale.Of(9), 1).Flops;
    }

    [Fact]
    public async Task GenerateAsync_MaxNewTokens_FinishesByLength()
    {
        var answer = await Ask(Question, 1, Long with { MaxNewTokens = 3 });

        Assert.Equal([FinishReason.None, FinishReason.None, FinishReason.Length], answer.Select(token => token.Finish));
    }

    [Fact]
    public async Task GenerateAsync_ContextFull_FinishesByLengthAtItsEnd()
    {
        using var loaded = TinyModel.Load();
        var prompt = loaded.Prompt.Prefix.Length + 9 + loaded.Prompt.Suffix(Question).Length;
        using var generator = TinyModel.Generator(maxLength: prompt + 4);
        using var image = await generator.EncodeAsync(Picture, CancellationToken.None);

        var answer = await Collect(image, Question, 9, Long, generator);

        Assert.Equal(5, answer.Count);                                            // four are fed back, the fifth has no position
        Assert.Equal(FinishReason.Length, answer[^1].Finish);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Room_OfAQuestion_IsWhatAnAnswerNeedsToThePosition(int missing)
    {
        var needed = _generator.Room(Question).Needed(VisualScale.Of(36));
        using var generator = TinyModel.Generator(maxLength: needed - missing);
        using var image = await generator.EncodeAsync(Picture, CancellationToken.None);

        Assert.Equal(missing == 0, generator.Room(Question).Fits(VisualScale.Of(36)));
        if (missing == 0) Assert.NotEmpty(await Collect(image, Question, 36, Long, generator));
        else await Assert.ThrowsAsync<ContextLengthException>(() => Collect(image, Question, 36, Long, generator));
    }

    [Fact]
    public void Ladder_ConfigurationListsFewerScales_IsThose()
    {
        using var generator = TinyModel.Generator(scales: [36, 576]);

        Assert.Equal([VisualScale.Of(36), VisualScale.Finest], generator.Ladder);
        Assert.Equal(VisualScale.All, _generator.Ladder);
    }

    [Fact]
    public async Task GenerateAsync_PromptBeyondTheContext_SaysWhatItNeeds()
    {
        using var generator = TinyModel.Generator(maxLength: 300);
        using var image = await generator.EncodeAsync(Picture, CancellationToken.None);

        var fault = await Assert.ThrowsAsync<ContextLengthException>(() => Collect(image, Question, 576, Long, generator));

        Assert.Equal(300, fault.Available);
        Assert.InRange(fault.Needed, 577, 1000);
    }

    [Fact]
    public async Task GenerateAsync_CancelledWhileAnswering_StopsAndTheNextIsServed()
    {
        using var cancel = new CancellationTokenSource();
        using var image = await _generator.EncodeAsync(Picture, CancellationToken.None);
        var request = new GenerationRequest(image, Question, VisualScale.Of(9), Long with { MaxNewTokens = 900 });
        var seen = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var token in _generator.GenerateAsync(request, cancel.Token))
            {
                if (++seen == 2) await cancel.CancelAsync();
            }
        });

        await _generator.CheckIntegrityAsync(CancellationToken.None).Soon();
        Assert.Equal(3, (await Ask(Question, 1, Long with { MaxNewTokens = 3 })).Count);
    }

    [Fact]
    public async Task GenerateAsync_AlreadyCancelled_RunsNothing()
    {
        using var image = await _generator.EncodeAsync(Picture, CancellationToken.None);
        var request = new GenerationRequest(image, Question, VisualScale.Of(9), Long);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var token in _generator.GenerateAsync(request, new CancellationToken(canceled: true))) Assert.Fail("a token came");
        });
    }

    [Fact]
    public async Task GenerateAsync_ImageDisposedMeanwhile_FinishesItsAnswer()
    {
        using var generator = TinyModel.Generator(new() { Threads = 1, VisionCacheImages = 0 });
        var image = await generator.EncodeAsync(Picture, CancellationToken.None);
        var request = new GenerationRequest(image, Question, VisualScale.Of(9), Long with { MaxNewTokens = 20 });
        var count = 0;

        await foreach (var token in generator.GenerateAsync(request, CancellationToken.None))
        {
            if (count++ == 0) image.Dispose();
        }

        Assert.InRange(count, 1, 20);
        await generator.CheckIntegrityAsync(CancellationToken.None).Soon();
    }

    [Fact]
    public async Task GenerateAsync_ImageDisposedBefore_IsRefused()
    {
        var image = await _generator.EncodeAsync(Picture, CancellationToken.None);
        image.Dispose();
        image.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => Collect(image, Question, 1, Long));
    }

    [Fact]
    public async Task GenerateAsync_ImageOfAnotherGenerator_IsRefused()
    {
        using var other = TinyModel.Generator();
        using var image = await other.EncodeAsync(Picture, CancellationToken.None);

        await Assert.ThrowsAsync<ArgumentException>(() => Collect(image, Question, 1, Long));
    }

    [Theory]
    [InlineData(0, 0f, 1f)]
    [InlineData(1025, 0f, 1f)]
    [InlineData(8, -0.1f, 1f)]
    [InlineData(8, 2.1f, 1f)]
    [InlineData(8, float.NaN, 1f)]
    [InlineData(8, 1f, 0f)]
    [InlineData(8, 1f, 1.1f)]
    public async Task GenerateAsync_DecodingOutOfRange_IsRefused(int maxNewTokens, float temperature, float topP)
    {
        using var image = await _generator.EncodeAsync(Picture, CancellationToken.None);
        var options = new DecodingOptions { MaxNewTokens = maxNewTokens, Temperature = temperature, TopP = topP };

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Collect(image, Question, 1, options));
    }

    private async Task<List<TokenEvidence>> Ask(string question, int scale, DecodingOptions decoding)
    {
        using var image = await _generator.EncodeAsync(Picture, CancellationToken.None);
        return await Collect(image, question, scale, decoding);
    }

    private async Task<float[]> Evidence(EncodedImage image, int scale)
    {
        var token = (await Collect(image, Question, scale, new() { MaxNewTokens = 1 }))[0];
        return [token.LogProbability, token.Margin, token.Entropy];
    }

    private async Task<List<TokenEvidence>> Collect(
        EncodedImage image, string question, int scale, DecodingOptions decoding, M3Generator? generator = null)
    {
        var answer = new List<TokenEvidence>();
        var request = new GenerationRequest(image, question, VisualScale.Of(scale), decoding);
        await foreach (var token in (generator ?? _generator).GenerateAsync(request, CancellationToken.None)) answer.Add(token);
        return answer;
    }

    private static TokenEvidence Timeless(TokenEvidence token) => token with { Charged = token.Charged with { Seconds = 0 } };
}
