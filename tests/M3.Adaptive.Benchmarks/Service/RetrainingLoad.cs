using System.Diagnostics;
using M3.Adaptive.TestKit.Files;

namespace M3.Adaptive.Benchmarks.Service;

/// <summary>
/// The same requests at a stated rate, by turns alone and with the service's child retraining the predictor beside them, again and again until the last is answered.
/// </summary>
internal sealed class RetrainingLoad(ServiceProgram service, string key)
{
    private const int Turns = 3;

    /// <summary>Automatic answers a second: about a third of what one caller after another gets, so that what is timed is an answer and seldom a queue.</summary>
    private const int RatePerSecond = 6;

    /// <summary>As many as the committed calibration labels hold, or fewer.</summary>
    private const int Audits = 4000;

    /// <param name="state">The service's state folder, which gets audits to retrain on and a key that may.</param>
    public static async Task<RetrainingLoad> PrepareAsync(ServiceProgram service, string state)
    {
        WrittenAudits.Write(state, Audits);
        return new RetrainingLoad(service, await KeyAsync(state));
    }

    /// <returns>What each turn's requests met, alone and beside a retraining.</returns>
    public async Task<(IReadOnlyList<Load> Alone, IReadOnlyList<Load> Beside)> RunAsync(int requests)
    {
        var (alone, beside) = (new List<Load>(), new List<Load>());
        for (var turn = 0; turn < Turns; turn++)
        {
            alone.Add(await AskAsync(requests, turn));
            using var stopping = new CancellationTokenSource();
            var begun = new TaskCompletionSource();
            var retraining = RetrainAsync(begun, stopping.Token);
            await Task.WhenAny(begun.Task, retraining);
            beside.Add(await AskAsync(requests, turn));
            if (retraining.IsCompleted) await retraining;                         // it failed, and says so
            await stopping.CancelAsync();
            await retraining;
        }

        return (alone, beside);
    }

    private Task<Load> AskAsync(int requests, int seed) =>
        LoadDriver.RunAsync(service.Address, "--requests", $"{requests}", "--rate", $"{RatePerSecond}", "--seed", $"{seed}", "--warm-up", $"{RatePerSecond}", "--key", key);

    private async Task RetrainAsync(TaskCompletionSource begun, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            using var process = Process.Start(new ProcessStartInfo(
                "dotnet", [ServiceProgram.Find("M3.Adaptive.Cli"), "predictor", "retrain", "--server", service.Address.GetLeftPart(UriPartial.Authority), "--key", key])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            using var ending = stopping.Register(process.Kill);                   // the service then ends its child
            var said = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var progress = new List<string>();
            while (await process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
            {
                progress.Add(line);
                begun.TrySetResult();
            }

            await process.WaitForExitAsync(CancellationToken.None);
            await said;
            var refused = progress.Exists(static line => line.Contains("was refused", StringComparison.Ordinal));   // by the gate, at the end of a whole retraining
            if (process.ExitCode != 0 && !refused && !stopping.IsCancellationRequested) throw new InvalidOperationException($"The retraining failed: {string.Join('\n', progress)}");
        }
    }

    private static async Task<string> KeyAsync(string state)
    {
        var start = new ProcessStartInfo("dotnet", [ServiceProgram.Find("M3.Adaptive.Service"), "key", "create", "--role", "admin"]) { RedirectStandardOutput = true };
        start.Environment["M3_STATE"] = state;
        using var process = Process.Start(start)!;
        return (await process.StandardOutput.ReadToEndAsync()).Trim();
    }
}
