using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>
/// One call, from its request to its status. Whoever knows the end first (the response, the deadline, a token, Dispose)
/// sets the status; it never changes after that. What a write saw never decides it.
/// </summary>
internal sealed partial class ClientCall<TRequest, TResponse>(
    GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    : IDisposable
    where TRequest : class where TResponse : class
{
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private RequestStreamContent? _requestStream;
    private HttpResponseMessage? _response;
    private Task<MessageReader>? _opening;

    public Task<Metadata> ResponseHeaders => _headers.Task;

    public CallOptions Options => options;

    /// <summary>Fires once the call is over or is to be.</summary>
    public CancellationToken Stopped => _stop.Token;

    private Func<DeserializationContext, TResponse> Deserializer => method.ResponseMarshaller.ContextualDeserializer;

    public async Task<TResponse> RunUnaryAsync(TRequest request)
    {
        try
        {
            Start();
            return await ReadSingleAsync(await SendAsync(new SingleMessageContent(Frame(request))).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception exception) // every failure becomes the call's status
        {
            throw Fail(exception);
        }
    }

    public async Task<TResponse> RunClientStreamingAsync()
    {
        try
        {
            Start();
            return await ReadSingleAsync(await SendAsync(RequestStream).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception exception) // every failure becomes the call's status
        {
            throw Fail(exception);
        }
    }

    public void StartServerStreaming(TRequest request) => Open(() => new SingleMessageContent(Frame(request)));

    public void StartDuplex() => Open(() => RequestStream);

    public RequestWriter<TRequest, TResponse> OpenRequestStream()
    {
        _requestStream = new RequestStreamContent();
        return new RequestWriter<TRequest, TResponse>(
            this, _requestStream, method, new MessageWriter(channel.Options.MaxSendMessageSize), Encoding(options.Headers));
    }

    /// <summary>The next answer; null after the last one of a call that ended with OK.</summary>
    public async Task<TResponse?> ReadNextAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(static call => ((ClientCall<TRequest, TResponse>)call!).CancelByCaller(), this);
        try
        {
            // A call that has been started as a stream has this task.
            var reader = await _opening!.ConfigureAwait(false);
            if (IsOver) return GetStatus().StatusCode == StatusCode.OK ? null : throw Failure();
            if (await reader.ReadAsync(Deserializer, _stop.Token).ConfigureAwait(false) is { } message) return message;
            var (status, trailers) = ReadEnd();
            return Finish(status, trailers).StatusCode == StatusCode.OK ? null : throw Failure();
        }
        catch (Exception exception) // every failure becomes the call's status
        {
            throw Fail(exception);
        }
    }

    private RequestStreamContent RequestStream => _requestStream ?? throw new InvalidOperationException("The call has no request stream.");

    private void Open(Func<HttpContent> content)
    {
        _opening = OpenAsync(content);
        // Nobody has to read the answers: the failure is in the call's status too.
        _ = _opening.ContinueWith(
            static opening => opening.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task<MessageReader> OpenAsync(Func<HttpContent> content)
    {
        try
        {
            Start();
            return await SendAsync(content()).ConfigureAwait(false);
        }
        catch (Exception exception) // every failure becomes the call's status
        {
            throw Fail(exception);
        }
    }

    private ReadOnlyMemory<byte> Frame(TRequest request)
    {
        // Not pooled: the transport may still be sending it when the call is over.
        var frame = new System.Buffers.ArrayBufferWriter<byte>();
        var noCompress = ((options.WriteOptions?.Flags ?? default) & WriteFlags.NoCompress) != 0;
        new MessageWriter(channel.Options.MaxSendMessageSize).Write(
            frame, request, method.RequestMarshaller.ContextualSerializer, noCompress ? null : Encoding(options.Headers));
        return frame.WrittenMemory;
    }

    private async Task<MessageReader> SendAsync(HttpContent content)
    {
        _stop.Token.ThrowIfCancellationRequested();
        var request = await BuildRequestAsync(content).ConfigureAwait(false);
        var response = channel.Http is HttpClient client
            ? await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token).ConfigureAwait(false)
            : await channel.Http.SendAsync(request, _stop.Token).ConfigureAwait(false);
        lock (_gate)
        {
            _response = response;
            if (_finished) response.Dispose(); // ended while the answer came in
        }

        var headers = ResponseStatus.ReadMetadata(response.Headers);
        if (ResponseStatus.TryRead(response.Headers, out var status))
        {
            if (status.StatusCode != StatusCode.OK) throw new RpcException(status, headers);
        }
        else if (response.StatusCode != System.Net.HttpStatusCode.OK)
        {
            throw new RpcException(ResponseStatus.OfHttp(response.StatusCode));
        }
        else if (response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new RpcException(new Status(StatusCode.Unknown, $"The answer's content type is '{response.Content.Headers.ContentType}'."));
        }

        _headers.TrySetResult(headers);
        var encoding = response.Headers.NonValidated.TryGetValues("grpc-encoding", out var values) ? values.ToString() : null;
        var body = await response.Content.ReadAsStreamAsync(_stop.Token).ConfigureAwait(false);
        return new MessageReader(PipeReader.Create(body), new MessageDecoder(encoding, channel.Options.MaxReceiveMessageSize));
    }

    private async Task<TResponse> ReadSingleAsync(MessageReader reader)
    {
        var message = await reader.ReadAsync(Deserializer, _stop.Token).ConfigureAwait(false);
        // The trailers are there once the body has been read to its end.
        if (message is not null && await reader.ReadAsync(Deserializer, _stop.Token).ConfigureAwait(false) is not null) throw MessageFaults.Surplus();
        var (status, trailers) = ReadEnd();
        if (status.StatusCode == StatusCode.OK && message is null) throw MessageFaults.Missing();
        return Finish(status, trailers).StatusCode == StatusCode.OK && message is not null ? message : throw Failure();
    }

    private (Status Status, Metadata Trailers) ReadEnd()
    {
        var response = _response ?? throw new InvalidOperationException("There is no response yet.");
        if (ResponseStatus.TryRead(response.TrailingHeaders, out var status)) return (status, ResponseStatus.ReadMetadata(response.TrailingHeaders));
        return ResponseStatus.TryRead(response.Headers, out status)
            ? (status, ResponseStatus.ReadMetadata(response.Headers))
            : (new Status(StatusCode.Unknown, "The answer ended without a gRPC status."), []);
    }
}
