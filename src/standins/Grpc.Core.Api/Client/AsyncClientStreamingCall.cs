using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>A client-streaming call under way. Disposing it cancels what still runs.</summary>
public sealed class AsyncClientStreamingCall<TRequest, TResponse> : IDisposable
{
    private readonly CallState _state;

    public AsyncClientStreamingCall(
        IClientStreamWriter<TRequest> requestStream, Task<TResponse> responseAsync, Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc, Func<Metadata> getTrailersFunc, Action disposeAction)
    {
        _state = new CallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);
        (RequestStream, ResponseAsync) = (requestStream, responseAsync);
    }

    public AsyncClientStreamingCall(
        IClientStreamWriter<TRequest> requestStream, Task<TResponse> responseAsync, Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc, Func<object, Metadata> getTrailersFunc, Action<object> disposeAction, object state)
    {
        _state = new CallState(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state);
        (RequestStream, ResponseAsync) = (requestStream, responseAsync);
    }

    /// <summary>The requests.</summary>
    public IClientStreamWriter<TRequest> RequestStream { get; }

    /// <summary>The answer, or the <see cref="RpcException"/> the call failed with.</summary>
    public Task<TResponse> ResponseAsync { get; }

    /// <summary>The server's headers, once they are here.</summary>
    public Task<Metadata> ResponseHeadersAsync => _state.Headers;

    /// <summary>Waits for the answer.</summary>
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    /// <summary>Waits for the answer.</summary>
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) => ResponseAsync.ConfigureAwait(continueOnCapturedContext);

    /// <summary>How the call ended.</summary>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public Status GetStatus() => _state.Status;

    /// <summary>The trailers of an ended call.</summary>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public Metadata GetTrailers() => _state.Trailers;

    /// <inheritdoc/>
    public void Dispose() => _state.Dispose();
}
