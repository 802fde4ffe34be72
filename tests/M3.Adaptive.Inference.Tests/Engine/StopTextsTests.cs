using FsCheck;
using FsCheck.Fluent;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Engine;
using M3.Adaptive.TestKit.Time;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

public sealed class StopTextsTests
{
    private static readonly Arbitrary<(string[] Stop, string[] Parts)> Streams =
        (from stop in Word(1, 4).NonEmptyListOf()
         from parts in Word(0, 3).ListOf()
         select (stop.Take(3).ToArray(), parts.ToArray())).ToArbitrary();

    [Fact]
    public void Add_AnyStream_SendsAllUpToTheFirstStopTextAndNothingOfIt() =>
        Prop.ForAll(Streams, stream =>
        {
            var (texts, sent) = (new StopTexts(stream.Stop), "");
            var read = "";
            foreach (var part in stream.Parts)
            {
                read += part;
                sent += texts.Add(part);
                if (texts.HasCome) break;
                Assert.StartsWith(sent, read, StringComparison.Ordinal);
                Assert.DoesNotContain(stream.Stop, stop => read.Contains(stop, StringComparison.Ordinal));
                Assert.DoesNotContain(stream.Stop, stop => Enumerable.Range(1, stop.Length - 1).Any(begun =>
                    read.EndsWith(stop[..begun], StringComparison.Ordinal) && sent.Length > read.Length - begun));
            }

            if (!texts.HasCome) sent += texts.Finish();
            var first = stream.Stop.Select(stop => read.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(read.Length).Min();
            Assert.Equal(read[..first], sent);
            Assert.Equal(first < read.Length, texts.HasCome);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Add_BeginningThatIsNotCompleted_IsSentLater()
    {
        var texts = new StopTexts(["\nUSER:"]);

        Assert.Equal(["a", "", "", "\nUSE b", ""], new[] { "a", "\nUS", "E", " b", "" }.Select(texts.Add));
        Assert.False(texts.HasCome);
    }

    [Fact]
    public async Task GenerateAsync_StopText_EndsTheAnswerBeforeItAndFreesItsMemory()
    {
        using var generator = TinyModel.Generator();
        using var image = await generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);
        var decoding = new DecodingOptions { MaxNewTokens = 200, Temperature = 2, Seed = 1 };
        var whole = Text(await CollectAsync(decoding));
        var stop = whole.Substring(whole.Length / 2, 3);

        var answer = await CollectAsync(decoding with { Stop = ["never said", stop] });

        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], Text(answer));
        Assert.Equal(FinishReason.Stop, answer[^1].Finish);
        Assert.All(answer.SkipLast(1), token => Assert.Equal(FinishReason.None, token.Finish));
        Assert.All(answer, token => Assert.Equal(token.Text, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(token.Text))));
        await generator.CheckIntegrityAsync(CancellationToken.None).Soon();
        Assert.Equal(0, generator.KvBytesHeld);

        async Task<List<TokenEvidence>> CollectAsync(DecodingOptions decoding)
        {
            List<TokenEvidence> tokens = [];
            await foreach (var token in generator.GenerateAsync(new(image, "what?", VisualScale.Of(9), decoding), CancellationToken.None)) tokens.Add(token);
            return tokens;
        }

        static string Text(IEnumerable<TokenEvidence> tokens) => string.Concat(tokens.Select(token => token.Text));
    }

    [Fact]
    public async Task GenerateAsync_EmptyStopText_IsRefused()
    {
        using var generator = TinyModel.Generator();
        using var image = await generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);

        await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await foreach (var _ in generator.GenerateAsync(new(image, "what?", VisualScale.Of(9), new() { Stop = [""] }), CancellationToken.None)) Assert.Fail("a token came");
        });
    }

    // Few letters, so that beginnings of stop texts are common; one of them is two chars long.
    private static Gen<string> Word(int least, int most) =>
        from length in Gen.Choose(least, most)
        from letters in Gen.Elements("a", "b", "🍎").ListOf(length)
        select string.Concat(letters);
}
