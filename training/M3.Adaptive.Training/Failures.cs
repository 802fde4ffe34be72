using M3.Adaptive.Core;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Predictor;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.ModelTraining;

namespace M3.Adaptive.Training;

/// <summary>Turns what a user can mend into one line and an exit code: 0 success, 1 a failure of ours, 2 wrong use or input, 130 interrupted.</summary>
internal static class Failures
{
    private const int Ours = 1, WrongInput = 2, Interrupted = 130;

    /// <param name="interrupted">What an interruption leaves, as in "nothing was written".</param>
    public static int Report(string interrupted, Action work) => ReportAsync(interrupted, () =>
    {
        work();
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();                                                  // completed: the work ran on this thread

    /// <param name="interrupted">What an interruption leaves, as in "nothing was written".</param>
    public static async Task<int> ReportAsync(string interrupted, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
            return 0;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"Interrupted: {interrupted}.").ConfigureAwait(false);
            return Interrupted;
        }
        catch (DivergedException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message).ConfigureAwait(false);
            return Ours;
        }
        catch (Exception fault) when (fault is InvalidDataException or CheckpointException or TokenizerException or InvalidImageException
            or PredictorException or DataAssetException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(fault.Message).ConfigureAwait(false);
            return WrongInput;
        }
    }
}
