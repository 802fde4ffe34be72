using System.IO.Pipelines;
using Grpc.Core.Wire;

namespace Grpc.AspNetCore.Tests.Wire;

public class MessageReaderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]                                                      // together with the reader's own cancellation
    public async Task ReadAsync_Reset_IsBroken(bool cancelled) => Assert.True(await IsBrokenBy(new IOException("reset"), cancelled));

    [Fact]
    public async Task ReadAsync_Cancelled_IsNotBroken() => Assert.False(await IsBrokenBy(new OperationCanceledException(), cancelled: true));

    private static async Task<bool> IsBrokenBy(Exception fault, bool cancelled)
    {
        var reader = new MessageReader(new FailingPipe(fault), new MessageDecoder(null, null));
        var read = reader.ReadAsync(static context => context.PayloadAsNewBuffer(), new CancellationToken(cancelled));
        Assert.Same(fault, await Record.ExceptionAsync(async () => await read));
        return reader.IsBroken;
    }

    private sealed class FailingPipe(Exception fault) : PipeReader
    {
        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => ValueTask.FromException<ReadResult>(fault);

        public override bool TryRead(out ReadResult result) => throw fault;

        public override void AdvanceTo(SequencePosition consumed) { }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) { }

        public override void CancelPendingRead() { }

        public override void Complete(Exception? exception = null) { }
    }
}
