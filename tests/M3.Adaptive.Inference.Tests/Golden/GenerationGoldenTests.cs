using System.Collections.Concurrent;
using System.Text.Json;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Network;
using M3.Adaptive.TestKit.Golden;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Golden;

/// <summary>Greedy answers token by token, through the cache, against the reference's.</summary>
public sealed class GenerationGoldenTests
{
    private static readonly ConcurrentDictionary<string, Lazy<LoadedModel>> Models = new();

    /// <summary>Every case at each scale and way of pooling, the two-turn and the text-only ones among them.</summary>
    public static IEnumerable<object?[]> Runs =>
        from model in GoldenModel.All from run in model.Runs select new object?[] { model.Checkpoint.Name, run.Case, run.Pooling, run.Scale };

    /// <summary>Those that a client can ask for: one question about a picture.</summary>
    public static IEnumerable<object[]> Questions =>
        from model in GoldenModel.All
        from run in model.Runs
        where run.Pooling is null && model.Case(run.Case) is { Picture: not null, Question.ValueKind: JsonValueKind.String }
        from weights in new[] { nameof(WeightChoice.Plain), nameof(WeightChoice.F32) }
        select new object[] { model.Checkpoint.Name, run.Case, run.Scale, weights };

    [GoldenTheory]
    [MemberData(nameof(Runs))]
    public void Answer_GoldenIds_FollowTheReferencesGreedyPath(string checkpoint, string golden, string? pooling, int scale)
    {
        var (model, run) = (GoldenModel.Of(checkpoint), new GoldenRun(golden, pooling, scale));
        var (loaded, expected) = (Loaded(checkpoint), model.Case(golden));
        using var plain = new PlainArithmetic(loaded.Model);
        using var projected = expected.Picture is null ? null : plain.Encode([Pixels(loaded, model, expected.Picture)]).Finish();
        using var visual = projected is null ? null : TokenPooling.Reduce(projected, VisualScale.Of(scale), TokenPooling.Parse(pooling ?? "avg_pooling")).squeeze(0);
        int[] before = visual is null ? [] : expected.PrefixIds;
        int[] behind = visual is null ? [.. expected.PrefixIds, .. expected.SuffixIds] : expected.SuffixIds;

        var answer = ForcedAnswer.Greedy(loaded, plain, before, visual, behind, model.NewTokens);

        Assert.Equal(model.Answer(run).PromptLength, before.Length + (int)(visual?.shape[0] ?? 0) + behind.Length);
        AssertFollows(model, run, answer);
    }

    [GoldenTheory]
    [MemberData(nameof(Questions))]
    public async Task GenerateAsync_GoldenPictureAndQuestion_FollowsTheReferencesGreedyPath(string checkpoint, string golden, int scale, string weights)
    {
        var (model, run) = (GoldenModel.Of(checkpoint), new GoldenRun(golden, null, scale));
        var generator = Generators.Of(model.Folder, Enum.Parse<WeightChoice>(weights));
        var question = model.Case(golden).Question.GetString() ?? "";
        using var image = await generator.EncodeAsync(PictureFile(model, model.Case(golden).Picture ?? ""), CancellationToken.None);

        var answer = new List<TokenEvidence>();
        var request = new GenerationRequest(image, question, VisualScale.Of(scale), new() { MaxNewTokens = model.NewTokens });
        await foreach (var token in generator.GenerateAsync(request, CancellationToken.None)) answer.Add(token);

        AssertFollows(model, run, answer);
        Assert.Equal(scale, answer[0].Charged.VisualTokens);
    }

    private static void AssertFollows(GoldenModel model, GoldenRun run, List<TokenEvidence> answer)
    {
        var expected = model.Answer(run);
        var tolerances = GoldenFolder.Index.Tolerances;
        Assert.Equal(model.Tensors.Integers($"{run.Prefix}.greedy.tokens"), answer.Select(token => (long)token.TokenId));
        AssertNear(model.Tensors.Floats($"{run.Prefix}.greedy.logprobs"), answer.Select(token => token.LogProbability), tolerances.LogProbabilityAbsolute);
        AssertNear(model.Tensors.Floats($"{run.Prefix}.greedy.margins"), answer.Select(token => token.Margin), tolerances.MarginAbsolute);
        Assert.Equal(expected.Tokens, answer.Count);
        Assert.Equal(expected.Stop == "eos" ? FinishReason.EndOfSequence : FinishReason.Length, answer[^1].Finish);
        Assert.All(answer.SkipLast(1), token => Assert.Equal(FinishReason.None, token.Finish));
        Assert.Equal(expected.Text, string.Concat(answer.Select(token => token.Text)));
    }

    private static void AssertNear(float[] expected, IEnumerable<float> actual, double tolerance) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, (float)tolerance));

    private static LoadedModel Loaded(string checkpoint) =>
        Models.GetOrAdd(checkpoint, static name => new(() => LoadedModel.Open(GoldenModel.Of(name).Folder))).Value;

    private static byte[] PictureFile(GoldenModel model, string picture) => File.ReadAllBytes(GoldenFolder.Index.PathOf(model.Pictures[picture]));

    private static float[] Pixels(LoadedModel loaded, GoldenModel model, string picture) => loaded.ReadPixels(PictureFile(model, picture));
}
