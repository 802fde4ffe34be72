using System.Runtime.CompilerServices;

namespace Grpc.AspNetCore.Tests;

/// <summary>Bounds the waits of tests.</summary>
internal static class TaskExtensions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The task's result; fails, naming the line, when it does not come.</summary>
    public static async Task<T> Soon<T>(this Task<T> task, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        await ((Task)task).Soon(file, line);
        return await task;
    }

    /// <summary>Waits for the task; fails, naming the line, when it does not end.</summary>
    public static async Task Soon(this Task task, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        if (await Task.WhenAny(task, Task.Delay(Limit)) != task) throw new TimeoutException($"Not done after {Limit}: {Path.GetFileName(file)}:{line}");
        await task;
    }
}
