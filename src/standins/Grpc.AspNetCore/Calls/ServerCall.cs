using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>
/// One call: what its handler sees, and the state by which handler, deadline and client agree on who ends it.
/// This file holds the handler's view; <c>ServerCall.Response.cs</c> the answer, <c>ServerCall.Sending.cs</c> when it leaves, and
/// <c>ServerCall.Deadline.cs</c> the deadline.
/// </summary>
internal sealed partial class ServerCall(HttpContext http, IMethod method, ServiceSettings settings) : ServerCallContext
{
    public const string HttpContextKey = "__HttpContext";

    // Held while the response is touched: once _ended is true, only the one who set it may touch the response.
    private readonly Lock _gate = new();
    private bool _ended;
    private volatile bool _clientGone;
    private CancellationToken? _aborted;         // the server's own property looks it up every time

    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private MessageReader? _reader;
    private AuthContext? _authContext;

    public HttpContext HttpContext => http;

    public ServiceSettings Settings => settings;

    /// <summary>Reads the request's messages; made when first asked for.</summary>
    public MessageReader Reader => _reader ??= new MessageReader(
        http.Request.BodyReader, new MessageDecoder(One(http.Request.Headers.GrpcEncoding), settings.MaxReceiveMessageSize));

    /// <summary>Whether the call is over for its handler: ended, or its client is gone.</summary>
    public bool IsOver => Volatile.Read(ref _ended) || _clientGone || (_aborted ??= http.RequestAborted).IsCancellationRequested;

    protected override string MethodCore => method.FullName;

    protected override string HostCore => http.Request.Host.Value ?? "";

    protected override string PeerCore
    {
        get
        {
            var (address, port) = (http.Connection.RemoteIpAddress, http.Connection.RemotePort);
            return address?.AddressFamily switch
            {
                AddressFamily.InterNetwork => $"ipv4:{address}:{port}",
                AddressFamily.InterNetworkV6 => $"ipv6:[{address}]:{port}",
                _ => "unknown",
            };
        }
    }

    protected override Metadata RequestHeadersCore
    {
        get
        {
            if (_requestHeaders is not null) return _requestHeaders;
            var metadata = new Metadata();
            foreach (var (name, values) in http.Request.Headers)
                foreach (var value in values)
                    MetadataCodec.Add(metadata, name, value ?? "");
            return _requestHeaders = metadata;
        }
    }

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; } = Status.DefaultSuccess;

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => _authContext ??= PeerCertificate.Describe(http.Connection.ClientCertificate);

    protected override IDictionary<object, object> UserStateCore
    {
        get
        {
            var state = base.UserStateCore;
            state.TryAdd(HttpContextKey, http);
            return state;
        }
    }

    /// <summary>Lifts the limits on a whole request where a call may rightly exceed them: streams, and messages above 30 MB.</summary>
    public void LiftBodyLimits(bool streams)
    {
        if (!streams && settings.MaxReceiveMessageSize is { } limit && limit <= 30_000_000 - MessageDecoder.HeaderBytes) return;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        http.Features.Get<Microsoft.AspNetCore.Http.Timeouts.IHttpRequestTimeoutFeature>()?.DisableTimeout();
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("Calls do not pass their deadline on by themselves: pass Deadline and CancellationToken.");

    private bool HasUnknownEncoding =>
        One(http.Request.Headers.GrpcEncoding) is { } encoding && encoding != Compression.Identity && Compression.Find(encoding) is null;

    private static string? One(StringValues values) => values.Count == 0 ? null : values[0];
}
