using System.Runtime.CompilerServices;
using Grpc.Core;
using M3.Adaptive.Client.Connection;
using M3.Adaptive.Contracts.V1;

namespace M3.Adaptive.Client;

/// <summary>
/// Asks services of M3.Adaptive over gRPC: in turn, where there are several, within a deadline, and again where that helps and costs nothing twice. Requests without a request id are
/// given one where more than one attempt is allowed: by it a service knows a repeated one. Safe for concurrent use; one for a program is enough.
/// </summary>
public sealed class M3Client : IDisposable
{
    private readonly M3ClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly ServiceChannels _channels;

    /// <param name="options">Kept: not to be changed any more.</param>
    /// <param name="clock">Tells deadlines and waits between attempts; null is the system's.</param>
    /// <exception cref="InvalidOperationException">A value of the options is missing or out of range; the message names it.</exception>
    public M3Client(M3ClientOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfWrong();
        (_options, _clock) = (options, clock ?? TimeProvider.System);
        _channels = new ServiceChannels(options);
    }

    /// <summary>Where the first service answers.</summary>
    public Uri Address => _options.Addresses[0];

    /// <summary>Calls of any kind, health's included, to the service whose turn it is: with the key, without deadline and retries.</summary>
    public CallInvoker Invoker => _channels[_channels.Next()];

    /// <summary>Answers a question about a picture.</summary>
    /// <param name="timeout">Time for all attempts; null is the options'.</param>
    /// <exception cref="RpcException">The service refused, or none answered; the status and its details tell why.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Task<GenerateResponse> GenerateAsync(GenerateRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var identified = Identified(request);
        return CallAsync(
            (invoker, limits) => new AdaptiveService.AdaptiveServiceClient(invoker).GenerateAsync(identified, limits), timeout, cancellationToken);
    }

    /// <summary>Answers a question about a picture: first the text as it comes, at last how it came about.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public async IAsyncEnumerable<GenerateStreamResponse> GenerateStreamAsync(
        GenerateRequest request, TimeSpan? timeout = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var identified = Identified(request);
        var attempts = new Attempts(this, timeout, cancellationToken);
        while (true)
        {
            using var call = new AdaptiveService.AdaptiveServiceClient(attempts.Invoker).GenerateStream(identified, attempts.Limits);
            var hasBegun = false;
            while (await MoveNextAsync(call.ResponseStream, attempts, hasBegun, cancellationToken) is { } hasMore)
            {
                if (!hasMore) yield break;
                hasBegun = true;
                yield return call.ResponseStream.Current;
            }
        }
    }

    /// <summary>Tells what an answer would be charged, without giving it.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public Task<RouteResponse> RouteAsync(RouteRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CallAsync((invoker, limits) => new AdaptiveService.AdaptiveServiceClient(invoker).RouteAsync(request, limits), timeout, cancellationToken);

    /// <summary>Tells what became of an answer. The service keeps what was said first, and the same said again changes nothing.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public Task<RecordOutcomeResponse> RecordAsync(RecordOutcomeRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CallAsync((invoker, limits) => new Outcomes.OutcomesClient(invoker).RecordAsync(request, limits), timeout, cancellationToken);

    /// <summary>What answers, what it costs and what limits there are.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public Task<Model> GetModelAsync(GetModelRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CallAsync((invoker, limits) => new Models.ModelsClient(invoker).GetAsync(request, limits), timeout, cancellationToken);

    /// <summary>How many answers there have been, and how many of them lie outside what the model is made for.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public Task<StatusResponse> GetStatusAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CallAsync((invoker, limits) => new AdaptiveService.AdaptiveServiceClient(invoker).StatusAsync(new StatusRequest(), limits), timeout, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _channels.Dispose();

    // What is never repeated need not be known again.
    private GenerateRequest Identified(GenerateRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.HasRequestId || _options.MaxAttempts == 1 ? request : new GenerateRequest(request) { RequestId = $"{Guid.NewGuid()}" };
    }

    private async Task<T> CallAsync<T>(Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> start, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var attempts = new Attempts(this, timeout, cancellationToken);
        while (true)
        {
            try
            {
                using var call = start(attempts.Invoker, attempts.Limits);
                return await call.ResponseAsync.ConfigureAwait(false);
            }
            catch (RpcException failure)
            {
                await attempts.WaitOrThrowAsync(failure).ConfigureAwait(false);
            }
        }
    }

    // Null: failed before anything came, and to be tried again.
    private static async Task<bool?> MoveNextAsync(IAsyncStreamReader<GenerateStreamResponse> stream, Attempts attempts, bool hasBegun, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException failure) when (!hasBegun)
        {
            await attempts.WaitOrThrowAsync(failure).ConfigureAwait(false);
            return null;
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(failure.Message, failure, cancellationToken);
        }
    }

    /// <summary>The attempts of one call.</summary>
    private sealed class Attempts(M3Client client, TimeSpan? timeout, CancellationToken cancellation)
    {
        private readonly DateTimeOffset _end = client._clock.GetUtcNow() + (timeout ?? client._options.Timeout);
        private int _address = client._channels.Next();
        private int _count;

        public CallInvoker Invoker => client._channels[_address];

        public CallOptions Limits => new(deadline: _end.UtcDateTime, cancellationToken: cancellation);

        /// <summary>Returns when the next attempt is due.</summary>
        public async Task WaitOrThrowAsync(RpcException failure)
        {
            _count++;
            if (failure.StatusCode == StatusCode.Cancelled && cancellation.IsCancellationRequested) throw new OperationCanceledException(failure.Message, failure, cancellation);
            var retry = RetryRule.After(failure, _count, client._options);
            if (retry is not { } next || client._clock.GetUtcNow() + next.Delay >= _end) throw failure;
            await Task.Delay(next.Delay, client._clock, cancellation).ConfigureAwait(false);
            if (next.Elsewhere) _address = client._channels.Next();
        }
    }
}
