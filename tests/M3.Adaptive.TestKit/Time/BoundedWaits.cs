using System.Runtime.CompilerServices;

namespace M3.Adaptive.TestKit.Time;

/// <summary>Waits that end: a test that hangs fails instead, and names the line that it hung at.</summary>
public static class BoundedWaits
{
    /// <summary>Long enough for a busy machine, as only a failing test waits for it.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);

    /// <exception cref="TimeoutException">The task did not end within <see cref="Limit"/>.</exception>
    public static async Task Soon(this Task task, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (await Task.WhenAny(task, Task.Delay(Limit)) != task) throw Late(file, line);
        await task;
    }

    /// <inheritdoc cref="Soon(Task, string, int)"/>
    public static async Task<T> Soon<T>(this Task<T> task, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        await ((Task)task).Soon(file, line);
        return await task;
    }

    /// <inheritdoc cref="Soon(Task, string, int)"/>
    public static Task<T> Soon<T>(this ValueTask<T> task, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        task.AsTask().Soon(file, line);

    /// <inheritdoc cref="Soon(Task, string, int)"/>
    public static Task Soon(this ValueTask task, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        task.AsTask().Soon(file, line);

    private static TimeoutException Late(string file, int line) =>
        new($"Still waiting after {Limit.TotalSeconds:F0} s at {Path.GetFileName(file)}:{line}.");
}
