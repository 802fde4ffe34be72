using System.Diagnostics.Metrics;
using M3.Adaptive.Service.Web.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Service.Tests.Web;

public sealed class LiveFiguresTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly LiveFigures _live;
    private readonly Counter<long> _answers, _runs;

    public LiveFiguresTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _live = new LiveFigures(factory, _clock);
        _live.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        var meter = factory.Create("M3.Adaptive.Routing");
        (_answers, _runs) = (meter.CreateCounter<long>("m3.routing.answers"), meter.CreateCounter<long>("m3.scale"));
    }

    public void Dispose()
    {
        _live.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Snapshot_AfterAMinute_HasTheRateOfTheMinute()
    {
        for (var i = 0; i < 12; i++)
        {
            _answers.Add(10, new KeyValuePair<string, object?>("settled", "Finest"));
            _clock.Advance(LiveFigures.Slice);
        }

        var seen = _live.Snapshot();

        Assert.Equal((120L, 2.0), (seen.Answers, seen.Rate));
        Assert.Equal(KeyValuePair.Create("Finest", 120L), Assert.Single(seen.Settled));
    }

    [Fact]
    public void Snapshot_AfterALongSilence_HasEmptySlicesAndNoMoreThanAreKept()
    {
        _runs.Add(3, new KeyValuePair<string, object?>("scale", 36));
        _clock.Advance(TimeSpan.FromDays(1));
        _runs.Add(2, new KeyValuePair<string, object?>("scale", 9));

        var slices = _live.Snapshot().Slices;

        Assert.Equal(LiveFigures.Slices, slices.Count);
        Assert.Equal(2, slices.Sum(static slice => slice.Runs.Values.Sum()));
        Assert.Equal(2, slices[^1].Runs["9"]);
    }

    [Fact]
    public void Snapshot_OfAnotherProcesssMeters_CountsNothing()
    {
        using var meter = new Meter("M3.Adaptive.Routing");
        meter.CreateCounter<long>("m3.routing.answers").Add(1);

        Assert.Equal(0, _live.Snapshot().Answers);
    }
}
