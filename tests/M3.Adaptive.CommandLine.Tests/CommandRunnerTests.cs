using System.CommandLine;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.CommandLine.Tests;

public sealed class CommandRunnerTests : IDisposable
{
    private readonly TextWriter _standardError = Console.Error;
    private readonly StringWriter _error = new();

    public CommandRunnerTests() => Console.SetError(_error);

    public void Dispose()
    {
        Console.SetError(_standardError);
        _error.Dispose();
    }

    [Fact]
    public async Task Run_WorkThatEnds_Succeeds()
    {
        Assert.Equal(ExitCode.Success, await RunAsync((_, _) => Task.CompletedTask));
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Run_WorkThatKeepsItsThread_Succeeds()
    {
        var caller = Environment.CurrentManagedThreadId;
        var worker = caller;
        var command = new Command("work");
        command.SetWork((_, _) => { worker = Environment.CurrentManagedThreadId; });

        Assert.Equal(ExitCode.Success, await new RootCommand { command }.RunAsync(["work"], Unexplained, timeToStop: null));
        Assert.NotEqual(caller, worker);
    }

    [Fact]
    public async Task Run_CommandException_IsItsLineAndItsCode()
    {
        Assert.Equal(ExitCode.Failure, await RunAsync((_, _) => throw new CommandException("nobody answers", ExitCode.Failure)));
        Assert.Equal("m3: nobody answers\n", _error.ToString());
    }

    [Fact]
    public async Task Run_MessageThatQuotesAnything_StaysOneHarmlessLine()
    {
        await RunAsync((_, _) => throw new CommandException("there is no \e[31mfile\n.png"));

        Assert.Equal("m3: there is no \\u001b[31mfile\\u000a.png\n", _error.ToString());
    }

    [Fact]
    public async Task Run_ExplainedException_IsTheExplanation()
    {
        var code = await RunAsync((_, _) => throw new IOException("disk full"), exception => new CommandException($"no room: {exception.Message}"));

        Assert.Equal((ExitCode.WrongUse, "m3: no room: disk full\n"), (code, _error.ToString()));
    }

    [Fact]
    public async Task Run_AnyOtherException_IsAFailureWithItsStory()
    {
        Assert.Equal(ExitCode.Failure, await RunAsync((_, _) => throw new InvalidOperationException("ours")));
        Assert.Contains("InvalidOperationException: ours", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Interrupted_SaysWhatIsLeftWhateverEndedTheWork()
    {
        using var interruption = new CancellationTokenSource();

        var code = await RunAsync(
            async (_, cancellation) =>
            {
                await interruption.CancelAsync();
                throw new IOException("the pipe is broken", new OperationCanceledException(cancellation));
            },
            cancellation: interruption.Token);

        Assert.Equal((ExitCode.Interrupted, "m3: interrupted: nothing was written\n"), (code, _error.ToString()));
    }

    [Fact]
    public async Task Run_CancelledThoughNobodyInterrupted_IsAFailure() =>
        Assert.Equal(ExitCode.Failure, await RunAsync((_, _) => throw new OperationCanceledException()));

    [Theory]
    [InlineData("work --unheard-of", "m3: '--unheard-of' is not understood here. See ./m3 work --help.\n")]
    [InlineData("work --count few", "m3: --count is 'few'; expected a whole number. See ./m3 work --help.\n")]
    [InlineData("work --price 0,0001", "m3: --price is '0,0001'; expected a number such as 0.05. See ./m3 work --help.\n")]
    [InlineData("work --limit 16M", "m3: --limit is '16M'; expected a size such as 16MiB. See ./m3 work --help.\n")]
    [InlineData("work --timeout 5parsecs", "m3: --timeout is '5parsecs'; expected a duration such as 30s, 250ms or 1.5h. See ./m3 work --help.\n")]
    [InlineData("", "m3: Required command was not provided. See ./m3 --help.\n")]
    public async Task Run_WrongArguments_AreOneLineThatNamesTheHelp(string arguments, string line)
    {
        var code = await RunAsync((_, _) => Task.CompletedTask, arguments: arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((ExitCode.WrongUse, line), (code, _error.ToString()));
    }

    [Fact]
    public async Task Run_ArgumentsWithUnits_AreRead()
    {
        var (price, limit, timeout) = (new Option<double?>("--price"), new Option<ByteSize>("--limit"), new Option<TimeSpan>("--timeout"));
        (double?, ByteSize, TimeSpan) read = default;
        var command = new Command("work") { price, limit, timeout };
        command.SetWork((parsed, _) => { read = (parsed.GetValue(price), parsed.GetValue(limit), parsed.GetValue(timeout)); });

        await new RootCommand { command }.RunAsync(
            ["work", "--price", "0.0001", "--limit", "16MiB", "--timeout", "1.5h"], Unexplained, timeToStop: null);

        Assert.Equal((0.0001, new ByteSize(16 << 20), TimeSpan.FromMinutes(90)), read);
    }

    [Fact]
    public async Task Run_ArgumentThatBeginsWithAt_IsTakenAsItIs()
    {
        string? read = null;
        var what = new Argument<string>("WHAT");
        var command = new Command("say") { what };
        command.SetWork((parsed, _) => { read = parsed.GetValue(what); });

        await new RootCommand { command }.RunAsync(["say", "@iconify-json/noto"], Unexplained, timeToStop: null);

        Assert.Equal("@iconify-json/noto", read);
    }

    private static Task<int> RunAsync(
        Func<ParseResult, CancellationToken, Task> work, Func<Exception, CommandException?>? explain = null, string[]? arguments = null,
        CancellationToken cancellation = default)
    {
        var command = new Command("work")
        {
            new Option<int>("--count"), new Option<double?>("--price"), new Option<ByteSize>("--limit"), new Option<TimeSpan>("--timeout"),
        };
        command.SetWork(work, whenInterrupted: "nothing was written");
        return new RootCommand { command }.RunAsync(arguments ?? ["work"], explain ?? Unexplained, timeToStop: null, cancellation);
    }

    private static CommandException? Unexplained(Exception exception) => null;
}
