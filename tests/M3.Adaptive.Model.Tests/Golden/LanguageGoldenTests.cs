using M3.Adaptive.TestKit.Golden;
using TorchSharp;
using Xunit;

namespace M3.Adaptive.Model.Tests.Golden;

/// <summary>The decoder in one pass over whole sequences, against the reference's logits and log-probabilities.</summary>
public sealed class LanguageGoldenTests
{
    /// <summary>Every case at each scale and way of pooling.</summary>
    public static IEnumerable<object?[]> Runs =>
        from model in GoldenModel.All from run in model.Runs select new object?[] { model.Checkpoint.Name, run.Case, run.Pooling, run.Scale };

    /// <summary>Those with logits along the whole prompt.</summary>
    public static IEnumerable<object?[]> RunsWithEvery16 => RunsWith(".logits.every16");

    /// <summary>Those with a scored answer.</summary>
    public static IEnumerable<object?[]> RunsWithAnswer => RunsWith(".answer.logprobs");

    [GoldenTheory]
    [MemberData(nameof(Runs))]
    public void Forward_GoldenPrompt_GivesItsLastLogits(string checkpoint, string golden, string? pooling, int scale)
    {
        using var scope = torch.NewDisposeScope();
        var (network, run) = (GoldenNetwork.Of(checkpoint), new GoldenRun(golden, pooling, scale));

        var logits = network.Logits(run);

        Assert.Equal(network.Golden.Answer(run).PromptLength, logits.shape[0]);
        var expected = network.Golden.Tensors.Floats($"{run.Prefix}.logits.last");
        Near.Absolute(expected, logits[-1], GoldenNetwork.Tolerances.LogitsAbsolute);
    }

    [GoldenTheory]
    [MemberData(nameof(RunsWithEvery16))]
    public void Forward_GoldenPrompt_GivesEverySixteenthPositionsLogits(string checkpoint, string golden, string? pooling, int scale)
    {
        using var scope = torch.NewDisposeScope();
        var (network, run) = (GoldenNetwork.Of(checkpoint), new GoldenRun(golden, pooling, scale));

        var logits = network.Logits(run);

        var rows = torch.arange(0, logits.shape[0], 16, torch.ScalarType.Int64);
        var expected = network.Golden.Tensors.Floats($"{run.Prefix}.logits.every16");
        Near.Absolute(expected, logits.index_select(0, rows), GoldenNetwork.Tolerances.LogitsAbsolute);
    }

    [GoldenTheory]
    [MemberData(nameof(RunsWithAnswer))]
    public void Forward_GoldenAnswer_GivesItsLogProbabilities(string checkpoint, string golden, string? pooling, int scale)
    {
        using var scope = torch.NewDisposeScope();
        var (network, run) = (GoldenNetwork.Of(checkpoint), new GoldenRun(golden, pooling, scale));
        var answer = network.Golden.Case(golden).AnswerIds ?? throw new InvalidDataException($"{run.Prefix} scores no answer.");
        var prompt = network.Golden.Answer(run).PromptLength;

        var scores = network.Logits(run, answer).log_softmax(-1).narrow(0, prompt - 1, answer.Length);   // [a, V]
        var ids = torch.tensor(Array.ConvertAll(answer, static id => (long)id)).unsqueeze(1);
        var picked = scores.gather(1, ids).squeeze(1);                            // [a]

        var expected = network.Golden.Tensors.Floats($"{run.Prefix}.answer.logprobs");
        var tolerance = GoldenNetwork.Tolerances.LogProbabilityAbsolute;
        Near.Absolute(expected, picked, tolerance);
        if (network.Golden.Answer(run).AnswerLogprobSum is { } sum)
            Assert.Equal(sum, picked.sum().item<float>(), tolerance * answer.Length);
    }

    private static IEnumerable<object?[]> RunsWith(string suffix) =>
        from model in GoldenModel.All
        from run in model.Runs
        where model.Tensors.Contains(run.Prefix + suffix)
        select new object?[] { model.Checkpoint.Name, run.Case, run.Pooling, run.Scale };
}
