using System.IO.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>Settings of all services, or of one.</summary>
public class GrpcServiceOptions
{
    internal const int DefaultReceiveMaxMessageSize = 4 * 1024 * 1024;

    private int? _maxReceiveMessageSize;
    private int? _maxSendMessageSize;

    /// <summary>Bytes a received message may have, compressed and inflated; null is unlimited. Default 4 MiB.</summary>
    public int? MaxReceiveMessageSize
    {
        get => _maxReceiveMessageSize;
        set => (_maxReceiveMessageSize, MaxReceiveMessageSizeSpecified) = (value, true);
    }

    /// <summary>Bytes a message to send may have; null, the default, is unlimited.</summary>
    public int? MaxSendMessageSize
    {
        get => _maxSendMessageSize;
        set => (_maxSendMessageSize, MaxSendMessageSizeSpecified) = (value, true);
    }

    /// <summary>Whether a client is told the text of a handler's exception. Default false.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>The encoding of answers to clients that accept it: <c>gzip</c> or <c>deflate</c>; null, the default, is none.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>How hard answers are compressed. Default <see cref="CompressionLevel.Fastest"/>.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>Whether calls of unknown services and methods are left to the rest of the application instead of UNIMPLEMENTED.</summary>
    public bool? IgnoreUnknownServices { get; set; }

    /// <summary>Interceptors, outermost first; those of one service come after those of all.</summary>
    public InterceptorCollection Interceptors { get; } = [];

    internal bool MaxReceiveMessageSizeSpecified { get; private set; }

    internal bool MaxSendMessageSizeSpecified { get; private set; }
}

/// <summary>Settings of one service; what is not set here is taken from <see cref="GrpcServiceOptions"/>.</summary>
public class GrpcServiceOptions<TService> : GrpcServiceOptions where TService : class;
