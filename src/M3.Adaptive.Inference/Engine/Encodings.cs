using System.Diagnostics.CodeAnalysis;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Scheduling;
using M3.Adaptive.Inference.VisionCache;
using M3.Adaptive.Model;

namespace M3.Adaptive.Inference.Engine;

/// <summary>
/// Pictures that are being encoded, each once however many want it. A few are unpacked at a time, beside the thread that owns the model; those that
/// wait hold their files only. Safe for concurrent use.
/// </summary>
internal sealed class Encodings(LoadedModel loaded, EngineLoop engine, Admission admission, FeatureCache images, int readers, TimeProvider time, InferenceMetrics? metrics) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ImageHash, EncodeCall> _running = [];
    private readonly SemaphoreSlim _readers = new(readers);

    /// <summary>Features of a picture: cached, or encoded for this call and others.</summary>
    public async Task<HeldImage> EncodeAsync(ImageHash hash, ReadOnlyMemory<byte> image, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!TryJoin(hash, image.Length, out var known, out var call, out var first))
        {
            metrics?.PictureAsked("cache");
            return known;
        }

        metrics?.PictureAsked(first ? "encoded" : "joined");
        if (first) _ = ReadAsync(call, image);
        ImageFeatures features;
        try
        {
            features = await call.Result.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            call.Leave();
            throw;
        }

        if (first)
        {
            metrics?.Took("decode_picture", TimeSpan.FromSeconds(call.ReadSeconds));
            metrics?.Took("encode", TimeSpan.FromSeconds(call.Seconds - call.ReadSeconds));
        }

        return new HeldImage(features, images, first ? TimeSpan.FromSeconds(call.Seconds) : TimeSpan.Zero);
    }

    public void Dispose() => _readers.Dispose();

    private bool TryJoin(ImageHash hash, int bytes, [NotNullWhen(false)] out HeldImage? known, [NotNullWhen(true)] out EncodeCall? call, out bool first)
    {
        (known, call, first) = (null, null, false);
        lock (_gate)
        {
            if (images.TryHold(hash, out var features))
            {
                known = new HeldImage(features, images, TimeSpan.Zero);
                return false;
            }

            if (_running.TryGetValue(hash, out call) && call.TryJoin()) return true;
            call = new EncodeCall(admission, admission.Enter(engine.Cost.Encode, pictureBytes: bytes), hash, images);
            call.TryJoin();
            _running[hash] = call;
            first = true;
            return true;
        }
    }

    // The picture's bytes are the caller's until the call has ended: it waits for that, unless it cancels; then the pixels are of no use to anyone.
    private async Task ReadAsync(EncodeCall call, ReadOnlyMemory<byte> image)
    {
        try
        {
            await _readers.WaitAsync().ConfigureAwait(false);
            try
            {
                if (!call.IsOver) await Task.Run(() => Read(call, image)).ConfigureAwait(false);
            }
            finally
            {
                _readers.Release();
            }

            engine.Post(call);
            await ((Task)call.Result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception fault)                                                   // whatever it is, those who wait for the picture get it
        {
            call.Refuse(fault);
        }
        finally
        {
            lock (_gate)
            {
                if (_running.GetValueOrDefault(call.Hash) == call) _running.Remove(call.Hash);
            }
        }
    }

    private void Read(EncodeCall call, ReadOnlyMemory<byte> image)
    {
        var start = time.GetTimestamp();
        var pixels = loaded.ReadPixels(image.Span);
        call.Bring(pixels, time.GetElapsedTime(start).TotalSeconds);
    }
}
