using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using M3.Adaptive.Core;
using M3.Adaptive.Service.Admission;
using M3.Adaptive.Service.Grpc;
using M3.Adaptive.Service.Tests.Doubles;
using M3.Adaptive.Service.Tls;
using M3.Adaptive.Service.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace M3.Adaptive.Service.Tests.Endpoint;

/// <summary>
/// The service's two ports on free ones of the loopback interface, without a model behind them, and <see cref="ShapesService"/> beside
/// the contract's own methods.
/// </summary>
internal sealed class EndpointHost : IAsyncDisposable
{
    public const int MaxRequestBytes = 100_000, MaxConnections = 40;
    public const string ModelVersion = "model@1", PredictorVersion = "predictor@2";

    private readonly WebApplication _app;

    private EndpointHost(WebApplication app, FakeLogCollector log)
    {
        _app = app;
        Log = log;
        (Address, WebAddress) = (new Uri(app.Urls.First()), new Uri(app.Urls.Last()));
        Channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions { MaxReceiveMessageSize = null });
    }

    public Uri Address { get; }

    public Uri WebAddress { get; }

    public GrpcChannel Channel { get; }

    public FakeLogCollector Log { get; }

    public RequestMemory Memory => _app.Services.GetRequiredService<RequestMemory>();

    public ShapesService.Behaviour Behaviour => _app.Services.GetRequiredService<ShapesService.Behaviour>();

    /// <summary>Told to be full or not by a test.</summary>
    public FakeStateStore State => (FakeStateStore)_app.Services.GetRequiredService<IStateStore>();

    /// <summary>None, unless a test makes some.</summary>
    public FakeKeyRing Keys => (FakeKeyRing)_app.Services.GetRequiredService<IKeyRing>();

    /// <summary>Whatever answers.</summary>
    public IEnumerable<Microsoft.AspNetCore.Http.Endpoint> Endpoints => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(static source => source.Endpoints);

    /// <summary>What was logged as an error or worse.</summary>
    public IEnumerable<FakeLogRecord> Errors => Log.GetSnapshot().Where(static record => record.Level >= LogLevel.Error);

    /// <param name="configure">Services that come before the endpoint's own.</param>
    /// <param name="predictor">Version of the predictor that serves.</param>
    /// <param name="maxRequestBytes">Limit of one message.</param>
    /// <param name="maxInFlightBytes">Limit of all that are in flight.</param>
    /// <param name="certificate">What connections are encrypted with.</param>
    public static async Task<EndpointHost> StartAsync(
        Action<IServiceCollection>? configure = null, string? predictor = PredictorVersion, int maxRequestBytes = MaxRequestBytes,
        long maxInFlightBytes = 1 << 30, CertificateFiles? certificate = null)
    {
        var log = new FakeLogCollector();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(new FakeLoggerProvider(log));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenForGrpc(new IPEndPoint(IPAddress.Loopback, port: 0), MaxConnections, certificate);
            kestrel.ListenForWeb(new IPEndPoint(IPAddress.Loopback, port: 0), certificate);
        });
        configure?.Invoke(builder.Services);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IStateStore>(new FakeStateStore());
        builder.Services.AddSingleton<IKeyRing>(new FakeKeyRing());
        builder.Services.AddSingleton(new RequestMemory(maxInFlightBytes));
        builder.Services.AddSingleton(new WebLimits(maxRequestBytes));
        builder.Services.AddGrpcEndpoint();
        builder.Services.AddWebEndpoint();
        builder.Services.AddSingleton(new ServedVersions(ModelVersion, () => predictor));
        builder.Services.AddSingleton<ShapesService.Behaviour>();
        builder.Services.Configure<GrpcServiceOptions>(grpc => grpc.MaxReceiveMessageSize = maxRequestBytes);

        var app = builder.Build();
        app.UseWebEndpoint();
        app.UseGrpcEndpoint();
        app.MapGrpcService<ShapesService>();
        await app.StartAsync();
        return new EndpointHost(app, log);
    }

    /// <summary>Asks the service to stop, and leaves it in that state.</summary>
    public void BeginToStop() => _app.Lifetime.StopApplication();

    /// <summary>Asks the service to stop and waits until it has.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }
}
