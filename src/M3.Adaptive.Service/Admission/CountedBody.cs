using System.Buffers;
using System.IO.Pipelines;

namespace M3.Adaptive.Service.Admission;

/// <summary>
/// A request's body that counts what has arrived of it: what nobody has taken out yet, and the message taken out last, as that is being
/// worked on. Where it does not fit, what has arrived is dropped and reading fails.
/// </summary>
/// <param name="body">The body itself.</param>
/// <param name="share">What the call holds.</param>
/// <param name="refusal">What reading throws when there is no room.</param>
internal sealed class CountedBody(PipeReader body, RequestMemory.Share share, Func<Exception> refusal) : PipeReader
{
    private ReadOnlySequence<byte> _arrived;
    private long _taken;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => Count(await body.ReadAsync(cancellationToken));

    public override bool TryRead(out ReadResult result)
    {
        if (!body.TryRead(out result)) return false;
        Count(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var taken = _arrived.Slice(_arrived.Start, consumed).Length;
        if (taken > 0) _taken = taken;
        _arrived = default;
        body.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => body.Complete(exception);

    private ReadResult Count(ReadResult result)
    {
        _arrived = result.Buffer;
        if (share.TryHold(_taken + _arrived.Length)) return result;
        AdvanceTo(_arrived.End);
        share.TryHold(0);                                                          // at once: the call takes a while to end
        throw refusal();
    }
}
