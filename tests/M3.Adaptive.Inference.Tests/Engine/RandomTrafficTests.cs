using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Engine;
using M3.Adaptive.TestKit.Golden;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

/// <summary>Answers do not depend on batch mates: random mixes, arrivals and cancellations against the plain path, one answer at a time.</summary>
public sealed class RandomTrafficTests
{
    private static readonly string[] Questions = ["what is it?", "12 apples?", "what?", "where is the red dog", "how many"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task GenerateAsync_RandomMixes_GivesThePlainPathsTokensAndLogProbabilities(int seed)
    {
        using var batched = TinyModel.Generator(new() { Threads = 2, Weights = WeightChoice.F32, MaxWaiting = 1000, MaxRunning = 8, MaxStall = TimeSpan.FromMilliseconds(1) });
        using var plain = TinyModel.Generator(new() { Threads = 1, Weights = WeightChoice.Plain, MaxRunning = 1, PictureKvBytes = 0 });

        await Compare(batched, plain, [.. Enumerable.Range(1, 4).Select(TinyModel.Picture)], requests: 120, mostTokens: 20, seed);
    }

    [GoldenTheory]
    [MemberData(nameof(Checkpoints))]
    public async Task GenerateAsync_RandomMixesOnAGoldenCheckpoint_GivesThePlainPathsTokensAndLogProbabilities(string checkpoint)
    {
        var model = GoldenModel.Of(checkpoint);
        using var batched = Open(WeightChoice.F32, maxRunning: 8);
        using var plain = Open(WeightChoice.Plain, maxRunning: 1);
        byte[][] pictures = [.. model.Pictures.Values.Take(3).Select(picture => File.ReadAllBytes(GoldenFolder.Index.PathOf(picture)))];

        await Compare(batched, plain, pictures, requests: 40, mostTokens: 8, seed: 3);

        M3Generator Open(WeightChoice weights, int maxRunning) => M3Generator.Open(
            new() { ModelDirectory = model.Folder, Threads = 2, Weights = weights, MaxRunning = maxRunning, MaxWaiting = 1000, PictureKvBytes = maxRunning == 1 ? 0 : 1 << 20 },
            TimeProvider.System, NullLogger<M3Generator>.Instance);
    }

    public static IEnumerable<object[]> Checkpoints => GoldenModel.All.Select(static model => new object[] { model.Checkpoint.Name });

    private static async Task Compare(M3Generator batched, M3Generator plain, byte[][] pictures, int requests, int mostTokens, int seed)
    {
        var random = new Random(seed);
        var drawn = Enumerable.Range(0, requests).Select(_ => new
        {
            Picture = random.Next(pictures.Length),
            Question = Questions[random.Next(Questions.Length)],
            Scale = VisualScale.All[random.Next(5)],
            Decoding = new DecodingOptions { MaxNewTokens = random.Next(1, mostTokens) },
            LeaveAfter = random.Next(4) == 0 ? random.Next(mostTokens) : int.MaxValue,
            Pause = random.Next(3) == 0,
        }).ToArray();

        var running = new List<Task<List<TokenEvidence>>>();
        foreach (var request in drawn)
        {
            running.Add(Ask(batched, request.Picture, request.Question, request.Scale, request.Decoding, request.LeaveAfter));
            if (request.Pause) await running[random.Next(running.Count)];
        }

        var answers = await Task.WhenAll(running);
        await batched.CheckIntegrityAsync(CancellationToken.None).Soon();
        Assert.Equal(0, batched.KvBytesHeld);
        foreach (var (request, answer) in drawn.Zip(answers))
        {
            var expected = await Ask(plain, request.Picture, request.Question, request.Scale, request.Decoding, int.MaxValue);
            Assert.Equal(expected.Take(answer.Count).Select(static token => token.TokenId), answer.Select(static token => token.TokenId));
            Assert.All(expected.Zip(answer), static pair => Assert.Equal(pair.First.LogProbability, pair.Second.LogProbability, 1e-4f));
            Assert.True(answer.Count == Math.Min(expected.Count, request.LeaveAfter), "no token is lost");
        }

        async Task<List<TokenEvidence>> Ask(M3Generator generator, int picture, string question, VisualScale scale, DecodingOptions decoding, int leaveAfter)
        {
            var tokens = new List<TokenEvidence>();
            using var image = await generator.EncodeAsync(pictures[picture], CancellationToken.None);
            await foreach (var token in generator.GenerateAsync(new(image, question, scale, decoding), CancellationToken.None))
            {
                if (tokens.Count == leaveAfter) break;
                tokens.Add(token);
            }

            return tokens;
        }
    }
}
