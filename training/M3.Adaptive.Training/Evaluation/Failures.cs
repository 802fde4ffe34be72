using M3.Adaptive.Core;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Tokenizer;

namespace M3.Adaptive.Training.Evaluation;

/// <summary>Turns what a user can mend into one line and an exit code.</summary>
internal static class Failures
{
    public static async Task<int> ReportAsync(Func<Task<int>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted.").ConfigureAwait(false);
            return 130;
        }
        catch (Exception fault) when (fault is InvalidDataException or CheckpointException or TokenizerException or InvalidImageException or DirectoryNotFoundException or FileNotFoundException)
        {
            await Console.Error.WriteLineAsync(fault.Message).ConfigureAwait(false);
            return 2;
        }
    }
}
