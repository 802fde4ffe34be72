using M3.Adaptive.Service.Tests.Doubles;
using M3.Adaptive.Service.Web.Playground;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Service.Tests.Web.Playground;

public sealed class PageAnswersTests : IDisposable
{
    private readonly FakeLifetime _lifetime = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly HostOptions _host = new() { ShutdownTimeout = TimeSpan.FromSeconds(30) };
    private readonly PageAnswers _answers;

    public PageAnswersTests() => _answers = new PageAnswers(_lifetime, Options.Create(_host), _clock, NullLogger<PageAnswers>.Instance);

    public void Dispose() => _lifetime.Dispose();

    [Fact]
    public async Task Stop_NothingRuns_IsAtOnceAndNothingBegins()
    {
        _answers.TryBegin()?.Dispose();

        await Task.Run(_lifetime.StopApplication).Soon();

        Assert.Null(_answers.TryBegin());
        Assert.Equal(TimeSpan.FromSeconds(30), _host.ShutdownTimeout);
    }

    [Fact]
    public async Task Stop_AnswersRun_WaitsForTheLastAndLeavesOthersTheRestOfTheTime()
    {
        var (one, other) = (_answers.TryBegin(), _answers.TryBegin());
        var stopping = Task.Run(_lifetime.StopApplication);
        while (_answers.TryBegin() is { } begun) begun.Dispose();
        one?.Dispose();
        one?.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(stopping.IsCompleted);

        other?.Dispose();

        await stopping.Soon();
        Assert.Equal(TimeSpan.FromSeconds(20), _host.ShutdownTimeout);
    }

    [Fact]
    public async Task Stop_AnAnswerThatDoesNotEnd_IsLeftAfterAllTheTime()
    {
        _host.ShutdownTimeout = TimeSpan.FromMilliseconds(10);
        using var endless = _answers.TryBegin();

        await Task.Run(_lifetime.StopApplication).Soon();

        Assert.Null(_answers.TryBegin());
    }
}
