using System.Threading.Channels;
using M3.Adaptive.Training.DataGeneration;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>One rendered training picture: 288 x 288 RGB, row-major, and what its patches show.</summary>
internal sealed record LabelledPicture(byte[] Rgb, Scene Scene, float[] MeanRgb)
{
    public PatchLabels Labels => Scene.Labels ?? throw new InvalidOperationException("The scene carries no patch labels.");
}

/// <summary>
/// Renders pictures ahead of training on a thread of its own, in the order of their indices, so that a run that resumes at
/// picture N sees what an uninterrupted one would have seen.
/// </summary>
internal sealed class PictureFeed : IDisposable
{
    private readonly Channel<LabelledPicture> _ready = Channel.CreateBounded<LabelledPicture>(new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _rendering;

    /// <param name="scene">The scene of an index; called on the feed's thread only.</param>
    /// <param name="first">Index to begin with.</param>
    public PictureFeed(Func<long, Scene> scene, long first) =>
        _rendering = Task.Factory.StartNew(() => RenderAsync(scene, first), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    /// <summary>The next <paramref name="count"/> pictures.</summary>
    public LabelledPicture[] Take(int count)
    {
        var pictures = new LabelledPicture[count];
        for (var i = 0; i < count; i++) pictures[i] = _ready.Reader.ReadAsync().AsTask().GetAwaiter().GetResult();
        return pictures;
    }

    private async Task RenderAsync(Func<long, Scene> sceneOf, long first)
    {
        try
        {
            using var renderer = new SceneRenderer();
            for (var index = first; ; index++)
            {
                await _ready.Writer.WriteAsync(Render(renderer, sceneOf(index)), _stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _ready.Writer.Complete();
        }
        catch (Exception fault)      // reaches the reader, which rethrows it
        {
            _ready.Writer.Complete(fault);
        }
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
        _rendering.Wait();
        _stop.Dispose();
    }
}
