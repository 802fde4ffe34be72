using System.Diagnostics;
using System.Text.Json.Nodes;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Processes;

/// <summary>What a program that has ended left behind.</summary>
internal sealed record Finished(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as the one JSON value that it must be.</summary>
    public JsonNode Json => JsonNode.Parse(Output) ?? throw new InvalidDataException("null");

    public static Task<Finished> DotNetAsync(params string[] arguments) => RunAsync("dotnet", arguments);

    /// <param name="limit">How long it may take; null: as long as any wait of a test.</param>
    /// <exception cref="TimeoutException">It did not end in time; it has been killed.</exception>
    public static async Task<Finished> RunAsync(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null, TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Environment.CurrentDirectory,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit ?? BoundedWaits.Limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new Finished(process.ExitCode, await output, await error);
    }
}
