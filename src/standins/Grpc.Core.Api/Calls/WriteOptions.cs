namespace Grpc.Core;

/// <summary>How one message is written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>The message may wait for the next one before it leaves.</summary>
    BufferHint = 0x1,

    /// <summary>The message is not compressed, even if the call is.</summary>
    NoCompress = 0x2,
}

/// <summary>Options of writing; immutable.</summary>
public class WriteOptions
{
    /// <summary>No flag set.</summary>
    public static readonly WriteOptions Default = new();

    public WriteOptions(WriteFlags flags = default) => Flags = flags;

    /// <summary>The flags.</summary>
    public WriteFlags Flags { get; }
}
