using System.Net.Sockets;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Contracts;

namespace M3.Adaptive.Client.Connection;

/// <summary>
/// Whether a failed attempt is followed by another, and where. Pure. A call is never paid twice: an attempt of which nobody knows how far it came is repeated only at the service that
/// remembers it by its request id, and any service only where the failed one has said that it did not answer, or was never reached.
/// </summary>
internal static class RetryRule
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);

    /// <param name="failure">How the attempt ended.</param>
    /// <param name="attempts">Attempts so far, this one included.</param>
    /// <returns>Null when the failure is final.</returns>
    public static Retry? After(RpcException failure, int attempts, M3ClientOptions options)
    {
        if (attempts >= options.MaxAttempts) return null;
        var isAnswered = failure.Trailers.Get(Trailers.ModelVersion) is not null;
        var asked = failure.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
        var delay = asked ?? FirstDelay * (1 << Math.Min(attempts - 1, 10));
        return failure.StatusCode switch
        {
            _ when delay > options.MaxRetryDelay => null,
            StatusCode.ResourceExhausted when asked is not null => new Retry(delay, Elsewhere: true),
            StatusCode.Unavailable when isAnswered => new Retry(delay, Elsewhere: true),
            StatusCode.Unavailable when IsUnreached(failure.Status.DebugException) => new Retry(delay, Elsewhere: true),
            StatusCode.Unavailable => new Retry(delay, Elsewhere: false),
            _ => null,
        };
    }

    // No connection was made, so that nothing can have been received.
    private static bool IsUnreached(Exception? cause) => cause switch
    {
        null => false,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } => true,
        SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostNotFound } => true,
        _ => IsUnreached(cause.InnerException),
    };
}

/// <param name="Delay">Waited before the next attempt.</param>
/// <param name="Elsewhere">Whether the next address is asked, or the same one again.</param>
internal readonly record struct Retry(TimeSpan Delay, bool Elsewhere);
