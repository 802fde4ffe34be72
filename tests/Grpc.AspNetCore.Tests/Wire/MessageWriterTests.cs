using System.Buffers;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.AspNetCore.Tests.Wire;

public sealed class MessageWriterTests
{
    private readonly ArrayBufferWriter<byte> _target = new();
    private readonly MessageWriter _writer = new(maxMessageSize: null);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(100_000)]
    public void Write_AnnouncedLength_FramesTheMessage(int length)
    {
        var message = new byte[length];
        new Random(length).NextBytes(message);

        _writer.Write(_target, message, Announced);
        _writer.Write(_target, message, Announced);

        byte[] frame = [0, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. message];
        Assert.Equal([.. frame, .. frame], _target.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData(100, false)]      // nothing has left yet
    [InlineData(100_000, true)]
    public void Write_SerializerFailsHalfWay_IsTornOnlyWhenPartHasLeft(int length, bool torn)
    {
        Assert.Throws<NotSupportedException>(() => _writer.Write(_target, length, (count, context) =>
        {
            context.SetPayloadLength(count);
            context.GetBufferWriter().Write(new byte[count / 2]);
            throw new NotSupportedException();
        }));

        Assert.Equal(torn, _writer.IsTorn);
        if (!torn) Assert.Equal(0, _target.WrittenCount);
    }

    [Theory]
    [InlineData(10, 9)]
    [InlineData(10, 11)]
    [InlineData(5000, 4999)]
    [InlineData(5000, 5001)]
    public void Write_OtherLengthThanAnnounced_IsRefused(int announced, int written) =>
        Assert.Throws<InvalidOperationException>(() => _writer.Write(_target, written, (count, context) =>
        {
            context.SetPayloadLength(announced);
            var writer = context.GetBufferWriter();
            for (var i = 0; i < count; i++)
            {
                writer.GetSpan(1)[0] = 1;
                writer.Advance(1);
            }

            context.Complete();
        }));

    private static void Announced(byte[] message, SerializationContext context)
    {
        context.SetPayloadLength(message.Length);
        context.GetBufferWriter().Write(message);
        context.Complete();
    }
}
