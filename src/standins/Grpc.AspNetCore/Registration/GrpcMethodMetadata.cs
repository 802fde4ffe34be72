using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>On a method's endpoint: which method it is and whose.</summary>
public sealed class GrpcMethodMetadata
{
    public GrpcMethodMetadata(Type serviceType, IMethod method)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        ArgumentNullException.ThrowIfNull(method);
        (ServiceType, Method) = (serviceType, method);
    }

    /// <summary>The type mapped.</summary>
    public Type ServiceType { get; }

    /// <summary>The method.</summary>
    public IMethod Method { get; }
}
