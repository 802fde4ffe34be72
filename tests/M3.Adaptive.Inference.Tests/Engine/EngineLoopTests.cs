using M3.Adaptive.Core;
using M3.Adaptive.Inference.Engine;
using M3.Adaptive.TestKit.Time;
using Xunit;

namespace M3.Adaptive.Inference.Tests.Engine;

/// <summary>What callers see of the loop while a pass is held up.</summary>
public sealed class EngineLoopTests : IDisposable
{
    private static readonly DecodingOptions Short = new() { MaxNewTokens = 3, Temperature = 2, Seed = 1 };

    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly M3Generator _generator;
    private readonly WatchedArithmetic _passes;

    public EngineLoopTests() => (_generator, _passes) = WatchedArithmetic.Generator(new() { Threads = 1, MaxWaiting = 2 });

    public void Dispose()
    {
        _gate.Set();
        _generator.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public async Task GenerateAsync_WaitingOnesCancelled_LeaveTheQueueAtOnce()
    {
        using var image = await Image();
        using var cancel = new CancellationTokenSource();
        var running = await HoldAPrefill(image);
        Task[] waiting = [Answer(image, cancel.Token), Answer(image, cancel.Token)];
        await Assert.ThrowsAsync<OverloadedException>(() => Answer(image));

        await cancel.CancelAsync();

        foreach (var one in waiting) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one.Soon());
        var next = Answer(image);                                                 // though the pass has not ended
        _gate.Set();
        await Task.WhenAll(running, next).Soon();
        await _generator.CheckIntegrityAsync(CancellationToken.None).Soon();
    }

    [Fact]
    public async Task GenerateAsync_QueueFull_SaysWhenToComeAgain()
    {
        using var image = await Image();
        var running = await HoldAPrefill(image);
        Task[] waiting = [Answer(image), Answer(image)];

        var fault = await Assert.ThrowsAsync<OverloadedException>(() => Answer(image));

        Assert.Equal(2, fault.Waiting);
        Assert.True(fault.RetryAfter > TimeSpan.Zero);
        _gate.Set();
        await Task.WhenAll([running, .. waiting]).Soon();
    }

    [Fact]
    public async Task GenerateAsync_FirstToken_IsThereBeforeTheNextIsComputed()
    {
        using var image = await Image();
        _passes.OnDecode = _ => _gate.Wait();
        _gate.Reset();

        await using var answer = _generator.GenerateAsync(Request(image), CancellationToken.None).GetAsyncEnumerator();

        Assert.True(await answer.MoveNextAsync().AsTask().Soon());
        Assert.Equal(9, answer.Current.Charged.VisualTokens);
        _gate.Set();
    }

    [Fact]
    public async Task GenerateAsync_SeveralWaiting_ArePrefilledAndDecodedTogether()
    {
        using var image = await Image();
        using var other = await _generator.EncodeAsync(TinyModel.Picture(2), CancellationToken.None);
        using var third = await _generator.EncodeAsync(TinyModel.Picture(3), CancellationToken.None);
        var running = await HoldAPrefill(image);
        Task[] waiting = [Answer(other), Answer(third)];
        var (prefilled, decoded) = (new List<int>(), new List<int>());
        (_passes.OnPrefill, _passes.OnDecode) = (prefilled.Add, decoded.Add);

        _gate.Set();
        await Task.WhenAll([running, .. waiting]).Soon();

        Assert.Equal([2], prefilled);
        Assert.Contains(3, decoded);
    }

    [Fact]
    public async Task GenerateAsync_QuestionsAboutOnePictureAtOneScale_PrefillItOnce()
    {
        using var image = await Image();
        var positions = new List<int>();
        _passes.OnChunks = chunks => positions.AddRange(chunks.Select(static chunk => chunk.Visual is null ? 0 : (int)chunk.Visual.shape[0]));

        await Task.WhenAll(Answer(image), Answer(image)).Soon();
        await Answer(image).Soon();

        Assert.Equal(9, positions.Sum());
        await _generator.CheckIntegrityAsync(CancellationToken.None).Soon();
    }

    [Fact]
    public async Task GenerateAsync_TheOneThatDoesThePictureIsCancelled_AnotherDoesIt()
    {
        using var image = await Image();
        using var cancel = new CancellationTokenSource();
        var first = await HoldAPrefill(image, cancel.Token);
        var second = Answer(image);

        await cancel.CancelAsync();
        _gate.Set();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Soon());
        await second.Soon();
    }

    [Fact]
    public async Task GenerateAsync_PassFails_ItsCallersHearAndTheNextIsServed()
    {
        using var image = await Image();
        _passes.OnPrefill = _ => throw new InvalidOperationException("broken");

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => Answer(image).Soon());

        Assert.Equal("broken", fault.Message);
        _passes.OnPrefill = static _ => { };
        await Answer(image).Soon();
        await _generator.CheckIntegrityAsync(CancellationToken.None).Soon();
    }

    [Fact]
    public async Task GenerateAsync_LeftEarly_GivesItsMemoryBackWithinAStep()
    {
        using var image = await Image();

        await foreach (var token in _generator.GenerateAsync(Request(image) with { Decoding = Short with { MaxNewTokens = 900 } }, CancellationToken.None)) break;

        await _generator.CheckIntegrityAsync(CancellationToken.None).Soon();
        Assert.Equal(0, _generator.KvBytesHeld);
    }

    [Fact]
    public async Task GenerateAsync_MoreThanAllMemory_IsRefusedWithTheNumbers()
    {
        using var generator = TinyModel.Generator(new() { Threads = 1, KvCacheBytes = 50_000 });
        using var image = await generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);

        await Assert.ThrowsAsync<TooLargeException>(async () =>
        {
            await foreach (var _ in generator.GenerateAsync(new(image, "what?", VisualScale.Finest, Short), CancellationToken.None)) ;
        });
    }

    [Fact]
    public async Task Dispose_CallsRunningAndWaiting_CancelsThemAndRefusesFurtherOnes()
    {
        var image = await Image();
        Task[] calls = [await HoldAPrefill(image), Answer(image)];

        var disposal = new Thread(_generator.Dispose);
        disposal.Start();
        // The gate opens only once the disposal waits for the engine.
        Assert.True(SpinWait.SpinUntil(() => disposal.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(30)));
        _gate.Set();
        disposal.Join();

        foreach (var call in calls) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Answer(image));
        image.Dispose();
    }

    private async Task<EncodedImage> Image() => await _generator.EncodeAsync(TinyModel.Picture(), CancellationToken.None);

    /// <summary>An answer whose prefill does not end until the gate opens.</summary>
    private async Task<Task> HoldAPrefill(EncodedImage image, CancellationToken cancellation = default)
    {
        _gate.Reset();
        _passes.OnPrefill = _ =>
        {
            _held.TrySetResult();
            _gate.Wait();
        };
        var running = Answer(image, cancellation);
        await _held.Task.Soon();
        return running;
    }

    private async Task Answer(EncodedImage image, CancellationToken cancellation = default)
    {
        var last = FinishReason.None;
        await foreach (var token in _generator.GenerateAsync(Request(image), cancellation)) last = token.Finish;
        Assert.NotEqual(FinishReason.None, last);
    }

    private static GenerationRequest Request(EncodedImage image) => new(image, "what?", VisualScale.Of(9), Short);
}
