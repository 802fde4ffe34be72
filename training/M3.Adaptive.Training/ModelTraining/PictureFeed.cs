using System.Collections.Concurrent;
using System.Threading.Tasks.Dataflow;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>One rendered training picture: 288 x 288 RGB, row-major, and what its patches show.</summary>
internal sealed record LabelledPicture(byte[] Rgb, Scene Scene, float[] MeanRgb)
{
    public PatchLabels Labels => Scene.Labels ?? throw new InvalidOperationException("The scene carries no patch labels.");
}

/// <summary>
/// Renders pictures ahead of training on threads of its own and hands them out in the order of their indices, so that a run
/// that resumes at picture N sees what an uninterrupted one would have seen.
/// </summary>
internal sealed class PictureFeed : IDisposable
{
    private const int AheadOfEach = 64;          // pictures a thread may be ahead
    private readonly ConcurrentBag<SceneRenderer> _idle = [];
    private readonly SpriteCache _sprites;
    private readonly CancellationTokenSource _stop = new();
    private readonly TransformBlock<long, LabelledPicture> _rendering;
    private readonly Task _indices;

    /// <param name="scene">The scene of an index; called on the feed's threads.</param>
    /// <param name="first">Index to begin with.</param>
    /// <param name="threads">That render.</param>
    public PictureFeed(Func<long, Scene> scene, long first, int threads)
    {
        _sprites = new(threads * SceneRenderer.DefaultCacheBytes);
        _rendering = new(index => Render(scene(index)), new ExecutionDataflowBlockOptions
        {
            EnsureOrdered = true,
            MaxDegreeOfParallelism = threads,
            BoundedCapacity = threads * AheadOfEach,
            SingleProducerConstrained = true,
            CancellationToken = _stop.Token,
        });
        _indices = CountAsync(first);
    }

    /// <summary>The next <paramref name="count"/> pictures.</summary>
    public LabelledPicture[] Take(int count)
    {
        var pictures = new LabelledPicture[count];
        for (var i = 0; i < count; i++) pictures[i] = Next();
        return pictures;
    }

    private LabelledPicture Next()
    {
        if (_rendering.OutputAvailableAsync().GetAwaiter().GetResult()) return _rendering.Receive();
        _rendering.Completion.GetAwaiter().GetResult();                            // says what went wrong
        throw new InvalidOperationException("The feed was closed.");
    }

    private async Task CountAsync(long first)
    {
        for (var index = first; await _rendering.SendAsync(index, _stop.Token).ConfigureAwait(false); index++)
        {
        }
    }

    private LabelledPicture Render(Scene scene)
    {
        if (!_idle.TryTake(out var renderer)) renderer = new SceneRenderer(_sprites);
        var picture = Render(renderer, scene);
        _idle.Add(renderer);
        return picture;
    }

    public static LabelledPicture Render(SceneRenderer renderer, Scene scene)
    {
        var rgb = new byte[288 * 288 * 3];
        renderer.Render(scene, rgb);
        return new LabelledPicture(rgb, scene, PatchLabels.MeanRgbOf(rgb));
    }

    public void Dispose()
    {
        _stop.Cancel();
        Task.WhenAll(_indices, _rendering.Completion).ContinueWith(static _ => { }, TaskScheduler.Default).Wait();    // cancelled, or the fault that Take has thrown
        foreach (var renderer in _idle) renderer.Dispose();
        _stop.Dispose();
    }
}
