using M3.Adaptive.Core;
using M3.Adaptive.Inference.Scheduling;
using M3.Adaptive.Inference.VisionCache;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Engine;

/// <summary>A picture to encode, for everyone who wants it meanwhile.</summary>
internal sealed class EncodeCall(Admission admission, Ticket ticket, ImageHash hash, FeatureCache images) : EngineCall(admission, ticket)
{
    private readonly TaskCompletionSource<ImageFeatures> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private EncodeBatch? _batch;
    private ImageFeatures? _features;
    private int _joined;

    public ImageHash Hash => hash;

    /// <summary>Held once for each that joined.</summary>
    public Task<ImageFeatures> Result => _result.Task;

    /// <summary>Seconds that reading and encoding took.</summary>
    public double Seconds { get; private set; }

    /// <summary>Those of them that reading took.</summary>
    public double ReadSeconds { get; private set; }

    /// <summary>[3, S, S], normalised.</summary>
    public float[] Pixels { get; private set; } = [];

    /// <summary>With which others it is encoded; null: it has not begun.</summary>
    public EncodeBatch? Batch => _batch;

    /// <summary>Brings what is to be encoded, before the engine gets the call.</summary>
    /// <param name="pixels">[3, S, S], normalised.</param>
    /// <param name="seconds">What reading them took.</param>
    public void Bring(float[] pixels, double seconds) => (Pixels, Seconds, ReadSeconds) = (pixels, seconds, seconds);

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

    /// <summary>Puts calls that have begun into a batch. For the thread that owns the model, as all below.</summary>
    public static EncodeBatch Together(IReadOnlyList<EncodeCall> calls)
    {
        var batch = new EncodeBatch(calls);
        foreach (var call in calls) call._batch = batch;
        return batch;
    }

    /// <summary>Counts time of the batch that is this picture's.</summary>
    public void Took(double seconds) => Seconds += seconds;

    /// <summary>Hands the features to everyone who wants them and ends the call.</summary>
    /// <param name="projected">[1, 576, C], in no dispose scope; taken over.</param>
    public void Deliver(Tensor projected) => Publish(new ImageFeatures(hash, projected, PoolingEvidence.Of(projected)));

    /// <summary>Ends the call because the picture cannot be had.</summary>
    public void Refuse(Exception fault)
    {
        if (TryBegin()) End(fault);
    }

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
        _batch?.Leave();
        if (fault is null && _features is not null) _result.TrySetResult(_features);
        else if (fault is null or OperationCanceledException) _result.TrySetCanceled();
        else _result.TrySetException(fault);
        _ = _result.Task.Exception;                                               // seen, even when everyone has left
    }
}
