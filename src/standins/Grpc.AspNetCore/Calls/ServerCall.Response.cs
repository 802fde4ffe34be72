using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server.Calls;

internal sealed partial class ServerCall
{
    private const int InternalError = 2; // of HTTP/2

    private MessageWriter? _writer;
    private PipeWriter? _body;                   // set once the response has started
    private Compression? _compression;

    /// <summary>Writes one message of a stream and sees to it that it leaves, unless the flags let it wait.</summary>
    /// <exception cref="InvalidOperationException">The call is over.</exception>
    public ValueTask WriteMessageAsync<T>(T message, Action<T, SerializationContext> serializer, WriteFlags flags, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (IsOver) throw OverException();
            if (!_flushing.IsCompleted) return WriteLaterAsync(message, serializer, flags, cancellationToken);
            WriteMessageNeedsLock(message, serializer, flags);
            SendNeedsLock(mayWait: (flags & WriteFlags.BufferHint) != 0);
        }

        return _flushing.IsCompleted && !_clientGone ? ValueTask.CompletedTask : FlushedAsync(cancellationToken);
    }

    /// <summary>Ends the call with its one answer, which leaves together with headers and trailers.</summary>
    public void EndWithMessage<T>(T message, Action<T, SerializationContext> serializer)
    {
        if (!TryEnd()) return;
        var status = StatusCore;
        var trailers = _responseTrailers;
        try
        {
            if (status.StatusCode == StatusCode.OK) WriteMessageNeedsLock(message, serializer, WriteOptionsCore?.Flags ?? default);
        }
        catch (Exception exception) // a serializer is foreign code; its failure is the call's
        {
            (status, trailers) = Explain(exception, abandoned: false);
        }

        WriteStatus(status, trailers);
    }

    /// <summary>Ends the call with the handler's own status.</summary>
    public async ValueTask EndAsync()
    {
        if (await TryEndSentAsync().ConfigureAwait(false)) WriteStatus(StatusCore, _responseTrailers);
    }

    /// <summary>
    /// Ends the call with the status that an exception stands for. Once the client is gone, handlers fail with all kinds of them;
    /// a reset breaks the reading, sometimes before the token fires.
    /// </summary>
    public async ValueTask EndWithAsync(Exception exception)
    {
        var (status, trailers) = Explain(exception, abandoned: IsOver || _reader is { IsBroken: true });
        if (await TryEndSentAsync().ConfigureAwait(false)) WriteStatus(status, trailers);
    }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        lock (_gate)
        {
            if (_ended) throw OverException();
            if (http.Response.HasStarted) throw new InvalidOperationException("Response headers can only be sent once per call.");
            Append(http.Response.Headers, responseHeaders);
            StartResponseNeedsLock(responseHeaders.GetValue(Metadata.CompressionRequestAlgorithmMetadataKey));
            _flushing = FlushAsync(http.Response.BodyWriter);                     // starting alone sends nothing
        }

        await FlushedAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static InvalidOperationException OverException() => new("Can't write the message because the request is complete.");

    private bool TryEnd()
    {
        lock (_gate)
        {
            if (_ended) return false;
            return _ended = true;
        }
    }

    private void WriteMessageNeedsLock<T>(T message, Action<T, SerializationContext> serializer, WriteFlags flags)
    {
        if (_body is null)
        {
            // Before the first span is taken from the writer: then the span is the connection's own memory.
            if (!http.Response.HasStarted) StartResponseNeedsLock(null);
            _body = http.Response.BodyWriter;
        }

        var compression = (flags & WriteFlags.NoCompress) != 0 ? null : _compression;
        _writer ??= new MessageWriter(settings.MaxSendMessageSize);
        _writer.Write(_body, message, serializer, compression, settings.CompressionLevel);
    }

    private void StartResponseNeedsLock(string? requestedEncoding)
    {
        var compression = requestedEncoding is null ? settings.ResponseCompression : Compression.Find(requestedEncoding);
        if (compression is not null && Accepts(compression))
        {
            _compression = compression;
            http.Response.Headers.GrpcEncoding = compression.Name;
        }

        // Without OnStarting callbacks of others this is done on return; with them the headers still leave before the first byte.
        _ = http.Response.StartAsync();
    }

    private bool Accepts(Compression compression)
    {
        foreach (var line in http.Request.Headers.GrpcAcceptEncoding)
            if (compression.IsIn(line))
                return true;
        return false;
    }

    /// <summary>Only for the one who ended the call.</summary>
    private void WriteStatus(Status status, Metadata? trailers)
    {
        if (_writer is { IsTorn: true })
        {
            http.Features.GetRequiredFeature<IHttpResetFeature>().Reset(InternalError);
            return;
        }

        // Nothing sent yet: the headers are the trailers.
        var fields = http.Response.HasStarted
            ? http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : http.Response.Headers;
        if (trailers is not null) Append(fields, trailers);
        // A client whose encoding is not known is told which ones are.
        if (!http.Response.HasStarted && status.StatusCode == StatusCode.Unimplemented && HasUnknownEncoding)
            fields.GrpcAcceptEncoding = Compression.Supported;
        GrpcRequest.SetStatus(fields, status);
    }

    private static void Append(IHeaderDictionary fields, Metadata metadata)
    {
        foreach (var entry in metadata)
            if (!MetadataCodec.IsWithheld(entry.Key))
                fields.Append(entry.Key, MetadataCodec.Encode(entry));
    }

    private (Status Status, Metadata? Trailers) Explain(Exception exception, bool abandoned)
    {
        if (exception is RpcException rpc)
        {
            ServerLog.EndedWithStatus(settings.Logger, method.FullName, rpc.StatusCode, rpc.Status.Detail);
            return (rpc.Status, Merge(rpc.Trailers));
        }

        if (abandoned)
        {
            ServerLog.Abandoned(settings.Logger, method.FullName, exception);
            return (Status.DefaultCancelled, _responseTrailers);
        }

        ServerLog.HandlerFailed(settings.Logger, method.FullName, exception);
        var detail = settings.EnableDetailedErrors
            ? $"Exception was thrown by handler. {exception.GetType().Name}: {exception.Message}"
            : "Exception was thrown by handler.";
        return (new Status(StatusCode.Unknown, detail), _responseTrailers);
    }

    private Metadata? Merge(Metadata trailers)
    {
        if (trailers.Count == 0) return _responseTrailers;
        foreach (var entry in trailers) ResponseTrailersCore.Add(entry);
        return ResponseTrailersCore;
    }
}
