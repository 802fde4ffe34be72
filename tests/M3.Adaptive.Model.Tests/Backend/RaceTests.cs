using M3.Adaptive.Model.Backend;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace M3.Adaptive.Model.Tests.Backend;

/// <summary>Ways that take as many milliseconds as their number says.</summary>
public sealed class RaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<int> _run = [];

    [Theory]
    [InlineData(7, 5)]
    [InlineData(5, 7)]
    [InlineData(70, 5)]
    public void Quickest_WhatTheFirstRunPrepares_IsNotCounted(int first, int second) =>
        Assert.Equal(Math.Min(first, second), Race.Quickest(_time, [first, second], Run));

    [Fact]
    public void Run_AWayThatIsFarBehind_RunsThreeTimes()
    {
        Race.Run(_time, [2, 20], Prepared);

        Assert.Equal(3, _run.Count(static way => way == 20));
        Assert.InRange(_run.Count(static way => way == 2), 3, 6);
    }

    /// <summary>As where others want the processor: the first rounds meet a busy machine.</summary>
    [Fact]
    public void Quickest_ABusyBeginning_IsWaitedOut()
    {
        var rounds = 0;

        var quickest = Race.Quickest(_time, [5, 7], way => _time.Advance(TimeSpan.FromMilliseconds(way == 5 && rounds++ < 3 ? 12 : way)));

        Assert.Equal(5, quickest);
    }

    [Fact]
    public void Run_LongWays_RunOnce()
    {
        Race.Run(_time, [400, 900], Prepared);

        Assert.Equal([400, 900], _run);
    }

    [Fact]
    public void Run_WhatComesBefore_IsNotTimed()
    {
        var seconds = Race.Run(_time, [10], Prepared, () => _time.Advance(TimeSpan.FromSeconds(1)));

        Assert.Equal(0.01, seconds[10], 6);
    }

    private void Run(int way)
    {
        if (!_run.Contains(way)) _time.Advance(TimeSpan.FromMilliseconds(200 / way));
        Prepared(way);
    }

    private void Prepared(int way)
    {
        _run.Add(way);
        _time.Advance(TimeSpan.FromMilliseconds(way));
    }
}
