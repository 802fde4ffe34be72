namespace Grpc.Core;

/// <summary>How a message becomes bytes and bytes become a message. Thread-safe if its functions are.</summary>
public class Marshaller<T>
{
    private readonly Func<T, byte[]>? _serializer;
    private readonly Func<byte[], T>? _deserializer;

    public Marshaller(Func<T, byte[]> serializer, Func<byte[], T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        (_serializer, _deserializer) = (serializer, deserializer);
        ContextualSerializer = (message, context) => context.Complete(serializer(message));
        ContextualDeserializer = context => deserializer(context.PayloadAsNewBuffer());
    }

    public Marshaller(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        (ContextualSerializer, ContextualDeserializer) = (serializer, deserializer);
    }

    /// <summary>To an array.</summary>
    /// <exception cref="NotSupportedException">The marshaller was made from functions over contexts.</exception>
    public Func<T, byte[]> Serializer => _serializer ?? throw new NotSupportedException("Use ContextualSerializer.");

    /// <summary>From an array.</summary>
    /// <exception cref="NotSupportedException">The marshaller was made from functions over contexts.</exception>
    public Func<byte[], T> Deserializer => _deserializer ?? throw new NotSupportedException("Use ContextualDeserializer.");

    /// <summary>Into a context; always there.</summary>
    public Action<T, SerializationContext> ContextualSerializer { get; }

    /// <summary>Out of a context; always there.</summary>
    public Func<DeserializationContext, T> ContextualDeserializer { get; }
}
