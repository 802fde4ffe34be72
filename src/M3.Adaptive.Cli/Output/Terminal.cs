using Spectre.Console;

namespace M3.Adaptive.Cli.Output;

/// <summary>Standard output for people: coloured on a terminal; plain, and of a narrow terminal's width, in a file or a pipe.</summary>
internal static class Terminal
{
    private const int WidthOfFile = 60;

    public static IAnsiConsole Out { get; } = Create();

    public static Text Cell(string text) => new(text);

    public static Text Cell(double? probability) => new(probability is { } value ? $"{value:F2}" : "-");

    private static IAnsiConsole Create()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected) console.Profile.Width = WidthOfFile;
        return console;
    }
}
