using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a serializer puts one message: either <see cref="Complete(byte[])"/>, or a buffer writer and <see cref="Complete()"/>.</summary>
public abstract class SerializationContext
{
    /// <summary>The whole message at once.</summary>
    public virtual void Complete(byte[] payload) => throw new NotSupportedException("This context takes messages through its buffer writer.");

    /// <summary>The writer of the message's bytes; end with <see cref="Complete()"/>.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException("This context takes whole messages.");

    /// <summary>Announces the exact number of bytes before the writer is taken, so that they need no buffer of their own.</summary>
    public virtual void SetPayloadLength(int payloadLength) { }

    /// <summary>Ends a message given through the buffer writer.</summary>
    public virtual void Complete() => throw new NotSupportedException("This context takes whole messages.");
}
