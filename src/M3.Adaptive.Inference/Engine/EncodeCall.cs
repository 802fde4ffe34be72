using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Scheduling;
using M3.Adaptive.Inference.VisionCache;

namespace M3.Adaptive.Inference.Engine;

/// <summary>A picture to encode, for everyone who wants it meanwhile.</summary>
internal sealed class EncodeCall(Admission admission, Ticket ticket, ImageHash hash, FeatureCache images) : EngineCall(admission, ticket)
{
    private readonly TaskCompletionSource<ImageFeatures> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private float[] _pixels = [];
    private Encoding? _encoding;
    private ImageFeatures? _features;
    private int _joined;

    public ImageHash Hash => hash;

    /// <summary>Held once for each that joined.</summary>
    public Task<ImageFeatures> Result => _result.Task;

    /// <summary>Seconds that reading and encoding took.</summary>
    public double Seconds { get; private set; }

    /// <summary>Those of them that reading took.</summary>
    public double ReadSeconds { get; private set; }

    /// <summary>Slices done.</summary>
    public int Done => _encoding?.Done ?? 0;

    /// <summary>Brings what is to be encoded, before the engine gets the call.</summary>
    /// <param name="pixels">[3, S, S], normalised.</param>
    /// <param name="seconds">What reading them took.</param>
    public void Bring(float[] pixels, double seconds) => (_pixels, Seconds, ReadSeconds) = (pixels, seconds, seconds);

    /// <summary>One more wants the features; false when the call has ended.</summary>
    public bool TryJoin()
    {
        lock (_gate)
        {
            if (IsOver || _features is not null) return false;
            _joined++;
            return true;
        }
    }

    /// <summary>One that joined wants them no more; when nobody does, the call is cancelled.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (_features is not null)
            {
                images.Release(_features);
                return;
            }

            if (--_joined > 0) return;
        }

        Cancel();
    }

    /// <summary>Does the next slice; ends the call with the last one. For the thread that owns the model.</summary>
    /// <returns>Seconds that it took.</returns>
    public double Advance(IArithmetic arithmetic, TimeProvider time)
    {
        var start = time.GetTimestamp();
        _encoding ??= arithmetic.Encode([_pixels]);
        _encoding.Advance();
        var features = _encoding.Left == 0 ? Features(_encoding.Finish()) : null;
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        Seconds += seconds;
        if (features is not null) Publish(features);
        return seconds;
    }

    /// <summary>Ends the call because the picture cannot be had.</summary>
    public void Refuse(Exception fault)
    {
        if (TryBegin()) End(fault);
    }

    private ImageFeatures Features(TorchSharp.torch.Tensor projected) => new(hash, projected, PoolingEvidence.Of(projected));

    private void Publish(ImageFeatures features)
    {
        features = images.Add(features);
        lock (_gate)
        {
            for (var join = 0; join < _joined; join++) images.Hold(features);
            _features = features;
        }

        images.Release(features);                                                 // whoever joined holds it now
        End();
    }

    protected override void OnEnded(Exception? fault)
    {
        _encoding?.Dispose();
        if (fault is null && _features is not null) _result.TrySetResult(_features);
        else if (fault is null or OperationCanceledException) _result.TrySetCanceled();
        else _result.TrySetException(fault);
        _ = _result.Task.Exception;                                               // seen, even when everyone has left
    }
}
