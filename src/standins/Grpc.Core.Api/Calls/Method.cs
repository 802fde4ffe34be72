namespace Grpc.Core;

/// <summary>The four shapes of a call.</summary>
public enum MethodType
{
    /// <summary>One request, one answer.</summary>
    Unary,

    /// <summary>Many requests, one answer.</summary>
    ClientStreaming,

    /// <summary>One request, many answers.</summary>
    ServerStreaming,

    /// <summary>Many requests, many answers, in any interleaving.</summary>
    DuplexStreaming,
}

/// <summary>A method without its message types.</summary>
public interface IMethod
{
    /// <summary>The shape.</summary>
    MethodType Type { get; }

    /// <summary>The service's full name, with its package.</summary>
    string ServiceName { get; }

    /// <summary>The method's name alone.</summary>
    string Name { get; }

    /// <summary>The path on the wire: <c>/package.Service/Method</c>.</summary>
    string FullName { get; }
}

/// <summary>A method: its names, shape and marshallers.</summary>
public class Method<TRequest, TResponse> : IMethod
{
    public Method(MethodType type, string serviceName, string name, Marshaller<TRequest> requestMarshaller, Marshaller<TResponse> responseMarshaller)
    {
        ArgumentNullException.ThrowIfNull(serviceName);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(requestMarshaller);
        ArgumentNullException.ThrowIfNull(responseMarshaller);
        (Type, ServiceName, Name) = (type, serviceName, name);
        (RequestMarshaller, ResponseMarshaller) = (requestMarshaller, responseMarshaller);
        FullName = $"/{serviceName}/{name}";
    }

    /// <inheritdoc/>
    public MethodType Type { get; }

    /// <inheritdoc/>
    public string ServiceName { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string FullName { get; }

    /// <summary>Of the request messages.</summary>
    public Marshaller<TRequest> RequestMarshaller { get; }

    /// <summary>Of the answer messages.</summary>
    public Marshaller<TResponse> ResponseMarshaller { get; }
}
