using System.Diagnostics.Metrics;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Routing.Wishes;
using M3.Adaptive.TestKit.Time;
using MediatR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace M3.Adaptive.Routing.Tests.Doubles;

/// <summary>The real pipeline (mediator, behaviours, handlers) over doubles of what it meets at Core's interfaces.</summary>
internal sealed class RoutingBench : IDisposable
{
    private readonly ServiceProvider _provider;

    public RoutingBench(params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build());
        services.AddSingleton<IGenerator>(Generator);
        Roster = new FakeRoster(Predictor);
        services.AddSingleton<IPredictorRoster>(Roster);
        Budgets = new FakeLedger(Clock);
        Log.Ledger = Budgets;
        services.AddSingleton<IDecisionLog>(Log);
        services.AddSingleton<IBudgetLedger>(Budgets);
        services.AddSingleton<IOutcomeLog>(Outcomes);
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<IMeterFactory>(Meters);
        services.AddLogging(logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Debug));
        services.AddScaleRouting();
        _provider = services.BuildServiceProvider();
    }

    public static byte[] Image { get; } = [1, 2, 3];

    /// <summary>Set by a test whose subject logs an error; any other error fails the test.</summary>
    public bool ExpectsErrors { get; set; }

    public IReadOnlyList<FakeLogRecord> Logged => _provider.GetFakeLogCollector().GetSnapshot();

    public FakeGenerator Generator { get; } = new();

    public FakePredictor Predictor { get; } = new();

    public FakeRoster Roster { get; }

    public FakeDecisionLog Log { get; } = new();

    public FakeLedger Budgets { get; }

    public FakeOutcomeLog Outcomes { get; } = new();

    public FakeMeters Meters { get; } = new();

    public FakeTimeProvider Clock { get; } = new();

    public static GenerateQuery Ask(PolicyWish? policy = null, long? tokens = null, double? flops = null, string? id = null) => new()
    {
        RequestId = id,
        Image = new ImageSource.Bytes(Image),
        Question = "what is it",
        Routing = new RoutingWish { Policy = policy, Caps = new(tokens, flops) },
    };

    public Task<T> SendAsync<T>(IRequest<T> request, CancellationToken cancellation = default) =>
        _provider.GetRequiredService<IMediator>().Send(request, cancellation).Soon();

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public void Dispose()
    {
        Assert.True(ExpectsErrors || Logged.All(line => line.Level < LogLevel.Error), string.Join('\n', Logged));
        _provider.Dispose();
    }
}
