using System.IO.Compression;
using Grpc.Core.Wire;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>The settings in force for one service, taken together once, when it is mapped.</summary>
internal sealed class ServiceSettings
{
    public required int? MaxReceiveMessageSize { get; init; }

    public required int? MaxSendMessageSize { get; init; }

    public required bool EnableDetailedErrors { get; init; }

    public required Compression? ResponseCompression { get; init; }

    public required CompressionLevel CompressionLevel { get; init; }

    public required IReadOnlyList<InterceptorRegistration> Interceptors { get; init; }

    /// <summary>The application's services when the service is registered as a singleton there, else null.</summary>
    public required IServiceProvider? Singletons { get; init; }

    public required ILogger Logger { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Puts a service's own settings over those of all services.</summary>
    public static ServiceSettings Of(GrpcServiceOptions all, GrpcServiceOptions own, IServiceProvider? singletons, ILogger logger, TimeProvider time)
    {
        var algorithm = own.ResponseCompressionAlgorithm ?? all.ResponseCompressionAlgorithm;
        return new ServiceSettings
        {
            MaxReceiveMessageSize = own.MaxReceiveMessageSizeSpecified ? own.MaxReceiveMessageSize
                : all.MaxReceiveMessageSizeSpecified ? all.MaxReceiveMessageSize
                : GrpcServiceOptions.DefaultReceiveMaxMessageSize,
            MaxSendMessageSize = own.MaxSendMessageSizeSpecified ? own.MaxSendMessageSize : all.MaxSendMessageSize,
            EnableDetailedErrors = own.EnableDetailedErrors ?? all.EnableDetailedErrors ?? false,
            ResponseCompression = Find(algorithm),
            CompressionLevel = own.ResponseCompressionLevel ?? all.ResponseCompressionLevel ?? CompressionLevel.Fastest,
            Interceptors = [.. all.Interceptors, .. own.Interceptors],
            Singletons = singletons,
            Logger = logger,
            Time = time,
        };
    }

    private static Compression? Find(string? algorithm) => algorithm is null or Compression.Identity
        ? null
        : Compression.Find(algorithm)
            ?? throw new InvalidOperationException($"The configured response compression '{algorithm}' is none of {Compression.Supported}.");
}
