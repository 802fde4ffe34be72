using System.Security.Authentication;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Health.V1;
using Grpc.Net.Client;
using M3.Adaptive.Contracts;

namespace M3.Adaptive.Cli.Connection;

/// <summary>A service to ask: a running one, or a private one that stops when the connection is disposed.</summary>
internal sealed class ServiceConnection : IAsyncDisposable
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(10);

    private readonly GrpcChannel _channel;
    private readonly PrivateService? _own;
    private readonly AdaptiveService.AdaptiveServiceClient _client;
    private readonly Outcomes.OutcomesClient _outcomes;
    private readonly Health.HealthClient _health;

    private ServiceConnection(Uri address, Credentials credentials, PrivateService? own)
    {
        _own = own;
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxReceiveMessageSize = null, HttpHandler = credentials.Handler() });
        var invoker = _channel.Intercept(metadata => WithKey(metadata, credentials.Key));
        _client = new AdaptiveService.AdaptiveServiceClient(invoker);
        _outcomes = new Outcomes.OutcomesClient(invoker);
        _health = new Health.HealthClient(_channel);
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
        AnswerAsync(_client.GenerateAsync(request, deadline: After(limit), cancellationToken: cancellation));

    /// <summary>Hands on the text as it comes.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public async Task<GenerateResponse> GenerateStreamAsync(GenerateRequest request, TimeSpan limit, Action<string> write, CancellationToken cancellation)
    {
        using var call = _client.GenerateStream(request, deadline: After(limit), cancellationToken: cancellation);
        try
        {
            while (await call.ResponseStream.MoveNext(cancellation))
            {
                if (call.ResponseStream.Current is { End: { } end }) return end;
                if (call.ResponseStream.Current is { HasText: true } part) write(part.Text);
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
        AnswerAsync(_client.RouteAsync(request, deadline: After(limit), cancellationToken: cancellation));

    /// <inheritdoc cref="GenerateAsync"/>
    public Task RecordAsync(RecordOutcomeRequest request, CancellationToken cancellation) =>
        AnswerAsync(_outcomes.RecordAsync(request, deadline: After(ProbeTime), cancellationToken: cancellation));

    private async Task<T> AnswerAsync<T>(AsyncUnaryCall<T> call)
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
            var counts = await _client.StatusAsync(new StatusRequest(), deadline: After(ProbeTime), cancellationToken: cancellation);
            return status with { Answers = counts.Answers, Unfamiliar = counts.Unfamiliar };
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
            using var call = _health.CheckAsync(request, deadline: After(ProbeTime), cancellationToken: cancellation);
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

    private static Metadata WithKey(Metadata metadata, string? key)
    {
        if (key is not null) metadata.Add("authorization", $"Bearer {key}");
        return metadata;
    }

    private CommandException Absent(RpcException exception) => IsDistrusted(exception)
        ? new($"the certificate of {Address.GetLeftPart(UriPartial.Authority)} is not trusted, or not that of this name: name its authority's with --ca", ExitCode.WrongUse, exception)
        : new($"no service answers at {Address.GetLeftPart(UriPartial.Authority)}: start one with ./m3 serve", ExitCode.Failure, exception);

    private static bool IsDistrusted(RpcException exception) => exception.Status.DebugException is { } cause && IsOfTrust(cause);

    private static bool IsOfTrust(Exception cause) => cause is AuthenticationException || (cause.InnerException is { } inner && IsOfTrust(inner));

    private static DateTime After(TimeSpan limit) => TimeProvider.System.GetUtcNow().UtcDateTime + limit;

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        if (_own is not null) await _own.DisposeAsync();
    }
}
