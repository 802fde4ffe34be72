using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Tests.Doubles;
using Xunit;
using Xunit.Abstractions;

namespace M3.Adaptive.Predictor.Tests;

/// <summary>A start and an escalation together: nine of the twenty heads. <c>./m3 predictor eval</c> tells the time that they take.</summary>
public sealed class DecisionMemoryTests(ITestOutputHelper output)
{
    private const string Question = "what is the price of the milk on the receipt";

    private static readonly TrainedPredictor Predictor = CommittedPredictor.Load(CommittedPredictor.Folder);

    private static readonly ImageEvidence Image = CommittedPredictor.Evidence(seed: 1, width: 288);

    private static readonly TokenEvidence[] Answer =
    [
        new(1, "3", -0.1f, 3, 0.2f, FinishReason.None, Cost.Zero), new(2, "7", -0.1f, 3, 0.2f, FinishReason.None, Cost.Zero),
        new(3, "", -0.1f, 3, 0.2f, FinishReason.EndOfSequence, Cost.Zero),
    ];

    [Fact]
    public void StartAndEscalation_ManyTimes_AllocateTheSameEachTime()
    {
        Allocated(200);                                                       // what is compiled and cached on the way

        var (first, second) = (Allocated(500), Allocated(500));

        output.WriteLine($"{second / 500} bytes");
        Assert.Equal(first, second, 0.02 * first);
        Assert.True(second / 500 < 40_000, $"{second / 500} bytes");

        static double Allocated(int times)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++) Decide();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static void Decide()
    {
        Assert.True(Predictor.TryPredict(Image, Question, out var prior));
        Predictor.AfterRun(prior, Question, VisualScale.Of(9), Answer);
    }
}
