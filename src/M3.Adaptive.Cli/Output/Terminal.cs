using M3.Adaptive.CommandLine.Values;
using Spectre.Console;

namespace M3.Adaptive.Cli.Output;

/// <summary>Standard output for people: coloured on a terminal; plain, and of a narrow terminal's width, in a file or a pipe.</summary>
internal static class Terminal
{
    private const int WidthOfFile = 60;

    public static IAnsiConsole Out { get; } = Create();

    public static Text Cell(string text) => new(Printable.Of(text));

    /// <summary>A line of text from elsewhere.</summary>
    public static void Write(string text) => Out.WriteLine(Printable.Of(text));

    public static Text Cell(double? probability) => new(probability is { } value ? $"{value:F2}" : "-");

    private static IAnsiConsole Create()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected) console.Profile.Width = WidthOfFile;
        return console;
    }
}
