namespace M3.Adaptive.Inference.Engine;

/// <summary>Buffers of one position's logits, lent to running answers. For the thread that owns the model.</summary>
/// <param name="vocabulary">V</param>
internal sealed class LogitBuffers(int vocabulary)
{
    private readonly Stack<float[]> _free = [];

    /// <returns>[V], with what it held last.</returns>
    public float[] Take() => _free.TryPop(out var buffer) ? buffer : new float[vocabulary];

    public void GiveBack(float[] buffer) => _free.Push(buffer);
}
