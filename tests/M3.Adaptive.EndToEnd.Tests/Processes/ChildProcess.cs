using System.Globalization;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Processes;

/// <summary>A program that a process of a test has started, as Linux tells of it.</summary>
/// <param name="Nice">How far it steps back for others: 19 most.</param>
/// <param name="Scheduling">How it is scheduled: 0 as usual, 5 where nobody else wants the processor.</param>
internal sealed record ChildProcess(int Id, int Nice, int Scheduling)
{
    // Of /proc/ID/stat, counted behind the name in parentheses, which may hold anything.
    private const int Parent = 1, NiceValue = 16, Policy = 38;

    public static IEnumerable<ChildProcess> Of(int parent) =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        let fields = Fields(folder)
        where fields.Length > Policy && fields[Parent] == $"{parent}"
        select new ChildProcess(Number(Path.GetFileName(folder)), Number(fields[NiceValue]), Number(fields[Policy]));

    /// <summary>Waits until it is gone.</summary>
    public Task EndedAsync() => PollAsync().Soon();

    // Nobody but its parent is told when it ends, and what has ended stays listed until that one has looked.
    private async Task PollAsync()
    {
        while (Fields($"/proc/{Id}") is [not "Z", ..]) await Task.Delay(TimeSpan.FromMilliseconds(20));
    }

    private static string[] Fields(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];                                                           // it has ended meanwhile
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
