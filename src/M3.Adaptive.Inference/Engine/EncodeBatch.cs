using M3.Adaptive.Inference.Arithmetic;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Engine;

/// <summary>Pictures that go through the tower together, slice by slice. For the thread that owns the model.</summary>
/// <param name="calls">Begun, and this batch's; at least one.</param>
internal sealed class EncodeBatch(IReadOnlyList<EncodeCall> calls)
{
    private Encoding? _encoding;
    private int _left;

    /// <summary>Those who get the features; some may have ended.</summary>
    public IReadOnlyList<EncodeCall> Calls => calls;

    /// <summary>Slices done.</summary>
    public int Done => _encoding?.Done ?? 0;

    /// <summary>Does the next slice; the last one ends the calls.</summary>
    /// <returns>Seconds that it took.</returns>
    public double Advance(IArithmetic arithmetic, TimeProvider time)
    {
        var start = time.GetTimestamp();
        _encoding ??= arithmetic.Encode([.. calls.Select(static call => call.Pixels)]);
        _encoding.Advance();
        var seconds = time.GetElapsedTime(start).TotalSeconds;
        foreach (var call in calls) call.Took(seconds / calls.Count);
        if (_encoding.Left == 0) Deliver(_encoding.Finish());
        return seconds;
    }

    /// <summary>One of the calls has ended; with the last one the batch is freed.</summary>
    public void Leave()
    {
        if (++_left == calls.Count) _encoding?.Dispose();
    }

    private void Deliver(Tensor projected)                                        // [B, 576, C]
    {
        using (projected)
        {
            for (var i = 0; i < calls.Count; i++)
            {
                if (calls[i].IsOver) continue;
                using var own = projected.narrow(0, i, 1);                        // [1, 576, C]
                calls[i].Deliver(own.clone().DetachFromDisposeScope());
            }
        }
    }
}
