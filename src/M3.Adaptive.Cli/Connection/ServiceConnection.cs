using System.Security.Authentication;
using Grpc.Core;
using Grpc.Health.V1;
using M3.Adaptive.Client;
using M3.Adaptive.CommandLine.Values;
using M3.Adaptive.Contracts;

namespace M3.Adaptive.Cli.Connection;

/// <summary>A service to ask: a running one, or a private one that stops when the connection is disposed.</summary>
internal sealed class ServiceConnection : IAsyncDisposable
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ChangeTime = TimeSpan.FromMinutes(1);       // a version's trees are read before it serves

    private readonly PrivateService? _own;
    private readonly M3Client _client;

    private ServiceConnection(Uri address, Credentials credentials, PrivateService? own)
    {
        _own = own;
        // Nothing is tried again: who measures a service, or looks whether one is there, wants to see how each call ends.
        _client = new M3Client(new M3ClientOptions { Addresses = { address }, Key = credentials.Key, Authorities = credentials.Authorities, MaxAttempts = 1 });
        Address = address;
    }

    public Uri Address { get; }

    public static ServiceConnection To(Uri address, Credentials credentials) => new(address, credentials, own: null);

    /// <param name="credentials">A private service keeps the state of this machine's others, its keys included.</param>
    /// <exception cref="CommandException">It could not start; the message says why.</exception>
    public static async Task<ServiceConnection> StartPrivateAsync(string modelFolder, Credentials credentials, CancellationToken cancellation)
    {
        var service = await PrivateService.StartAsync(modelFolder, cancellation);
        return new ServiceConnection(service.Address, credentials, service);
    }

    /// <exception cref="RpcException">The service refused.</exception>
    /// <exception cref="CommandException">No service answers.</exception>
    public Task<GenerateResponse> GenerateAsync(GenerateRequest request, TimeSpan limit, CancellationToken cancellation) =>
        AnswerAsync(_client.GenerateAsync(request, limit, cancellation));

    /// <summary>Hands on the text as it comes.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public async Task<GenerateResponse> GenerateStreamAsync(GenerateRequest request, TimeSpan limit, Action<string> write, CancellationToken cancellation)
    {
        try
        {
            await foreach (var part in _client.GenerateStreamAsync(request, limit, cancellation))
            {
                if (part is { End: { } end }) return end;
                if (part.HasText) write(part.Text);
            }
        }
        catch (RpcException exception) when (IsDistrusted(exception) || exception.StatusCode == StatusCode.Unavailable)
        {
            throw Absent(exception);
        }

        throw new CommandException("the service ended the answer without saying how it came about", ExitCode.Failure);
    }

    /// <inheritdoc cref="GenerateAsync"/>
    public Task<RouteResponse> RouteAsync(RouteRequest request, TimeSpan limit, CancellationToken cancellation) =>
        AnswerAsync(_client.RouteAsync(request, limit, cancellation));

    /// <inheritdoc cref="GenerateAsync"/>
    public Task RecordAsync(RecordOutcomeRequest request, CancellationToken cancellation) =>
        AnswerAsync(_client.RecordAsync(request, ProbeTime, cancellation));

    /// <inheritdoc cref="GenerateAsync"/>
    public Task<ListPredictorsResponse> ListPredictorsAsync(CancellationToken cancellation) =>
        PredictorsAsync(static (client, limits) => client.ListAsync(new ListPredictorsRequest(), limits), cancellation);

    /// <inheritdoc cref="GenerateAsync"/>
    public async Task<PredictorVersion> GetPredictorAsync(int number, CancellationToken cancellation) =>
        (await PredictorsAsync((client, limits) => client.GetAsync(new GetPredictorRequest { Number = number }, limits), cancellation)).Version;

    /// <inheritdoc cref="GenerateAsync"/>
    public Task<T> PredictorsAsync<T>(Func<Predictors.PredictorsClient, CallOptions, AsyncUnaryCall<T>> start, CancellationToken cancellation)
    {
        return AnswerAsync(CallAsync());

        async Task<T> CallAsync()
        {
            using var call = start(new Predictors.PredictorsClient(_client.Invoker), new CallOptions(deadline: After(ChangeTime), cancellationToken: cancellation));
            return await call;
        }
    }

    /// <summary>Lets the service retrain, and hands on what it says as it comes.</summary>
    /// <returns>Number of the new version.</returns>
    /// <inheritdoc cref="GenerateAsync"/>
    public Task<int> RetrainAsync(string why, Action<string> tell, CancellationToken cancellation)
    {
        return AnswerAsync(CallAsync());

        async Task<int> CallAsync()
        {
            using var call = new Predictors.PredictorsClient(_client.Invoker).Retrain(new RetrainPredictorRequest { Why = why }, cancellationToken: cancellation);
            await foreach (var message in call.ResponseStream.ReadAllAsync(cancellation))
            {
                if (message.HasNumber) return message.Number;
                tell(Printable.Of(message.Progress));
            }

            throw new CommandException("the service ended the retraining without saying what came of it", ExitCode.Failure);
        }
    }

    private async Task<T> AnswerAsync<T>(Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (RpcException exception) when (IsDistrusted(exception) || (exception.StatusCode == StatusCode.Unavailable && exception.Trailers.Get(Trailers.ModelVersion) is null))
        {
            throw Absent(exception);                       // else a service is there, and says why it does not answer
        }
    }

    /// <summary>Whether something answers there within ten seconds and takes questions.</summary>
    /// <exception cref="CommandException">Something does whose certificate is not trusted.</exception>
    public async Task<bool> IsServingAsync(CancellationToken cancellation)
    {
        try
        {
            return (await HealthAsync(cancellation)).Serving;
        }
        catch (CommandException absent) when (absent.Code == ExitCode.Failure)
        {
            return false;
        }
    }

    /// <exception cref="CommandException">No service answers.</exception>
    public async Task<ServiceStatus> StatusAsync(CancellationToken cancellation)
    {
        var status = await HealthAsync(cancellation);
        try
        {
            var counts = await _client.GetStatusAsync(ProbeTime, cancellation);
            return status with
            {
                Answers = counts.Answers,
                Unfamiliar = counts.Unfamiliar,
                DriftAlarms = [.. counts.DriftAlarms],
                Champion = counts.HasChampion ? counts.Champion : null,
                Challenger = counts.Challenger is { } tried ? new TriedVersion(tried.Number, $"{tried.Stage}".ToLowerInvariant(), tried.Share) : null,
                PredictorFault = counts.PredictorFault,
            };
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.Unimplemented)
        {
            return status;                                 // an older service does not count
        }
    }

    private async Task<ServiceStatus> HealthAsync(CancellationToken cancellation)
    {
        try
        {
            var request = new HealthCheckRequest { Service = AdaptiveService.Descriptor.FullName };
            using var call = new Health.HealthClient(_client.Invoker).CheckAsync(request, deadline: After(ProbeTime), cancellationToken: cancellation);
            var reply = await call;
            var trailers = call.GetTrailers();
            return new ServiceStatus(
                Address.GetLeftPart(UriPartial.Authority),
                reply.Status == HealthCheckResponse.Types.ServingStatus.Serving,
                trailers.GetValue(Trailers.ModelVersion),
                trailers.GetValue(Trailers.PredictorVersion));
        }
        catch (RpcException exception) when (!cancellation.IsCancellationRequested)
        {
            throw Absent(exception);                       // nobody there, or somebody else's server
        }
    }

    private CommandException Absent(RpcException exception) => IsDistrusted(exception)
        ? new($"the certificate of {Address.GetLeftPart(UriPartial.Authority)} is not trusted, or not that of this name: name its authority's with --ca", ExitCode.WrongUse, exception)
        : new($"no service answers at {Address.GetLeftPart(UriPartial.Authority)}: start one with ./m3 serve", ExitCode.Failure, exception);

    private static bool IsDistrusted(RpcException exception) => exception.Status.DebugException is { } cause && IsOfTrust(cause);

    private static bool IsOfTrust(Exception cause) => cause is AuthenticationException || (cause.InnerException is { } inner && IsOfTrust(inner));

    private static DateTime After(TimeSpan limit) => TimeProvider.System.GetUtcNow().UtcDateTime + limit;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_own is not null) await _own.DisposeAsync();
    }
}
