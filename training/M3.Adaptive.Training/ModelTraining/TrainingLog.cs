using System.Diagnostics;
using System.Text.Json;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Metrics of one stage: a JSON line each in <c>metrics.jsonl</c>, and a progress line on standard error.</summary>
internal sealed class TrainingLog : IDisposable
{
    private readonly StreamWriter _file;
    private readonly string _stage;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _lastStep;
    private TimeSpan _lastTime;

    /// <param name="folder">Where <c>metrics.jsonl</c> lies.</param>
    /// <param name="stage">Name in every line.</param>
    /// <param name="firstStep">Where the run goes on.</param>
    public TrainingLog(string folder, string stage, long firstStep = 0)
    {
        Directory.CreateDirectory(folder);
        (_stage, _lastStep) = (stage, firstStep);
        _file = new StreamWriter(Path.Combine(folder, "metrics.jsonl"), append: true) { AutoFlush = true };
    }

    /// <summary>Tells where training stands: step, share done, loss, pictures a second, time left.</summary>
    /// <param name="details">For the file alone: too many for a line on a terminal.</param>
    public void Step(long step, long steps, int batch, IReadOnlyDictionary<string, double> values, IReadOnlyDictionary<string, double>? details = null)
    {
        var now = _clock.Elapsed;
        var rate = (step - _lastStep) / (now - _lastTime).TotalSeconds;
        var left = TimeSpan.FromSeconds(Math.Min((steps - step) / rate, 359_999));
        (_lastStep, _lastTime) = (step, now);
        Console.Error.WriteLine(
            $"{_stage} {step}/{steps} ({100.0 * step / steps:F0} %)  {Join(values)}  {rate * batch:F1} pictures/s  {left:hh\\:mm\\:ss} left");
        Write("step", step, details is null ? values : values.Concat(details).ToDictionary());
    }

    /// <summary>One validation: its values go to the file and, joined, to the terminal.</summary>
    public void Validation(long step, IReadOnlyDictionary<string, double> values, string table)
    {
        Console.Error.WriteLine($"{_stage} {step} validation\n{table}");
        Write("validation", step, values);
    }

    private void Write(string kind, long step, IReadOnlyDictionary<string, double> values) =>
        _file.WriteLine(JsonSerializer.Serialize(new { stage = _stage, kind, step, seconds = Math.Round(_clock.Elapsed.TotalSeconds, 1), values }));

    private static string Join(IReadOnlyDictionary<string, double> values) => string.Join("  ", values.Select(pair => $"{pair.Key} {pair.Value:G4}"));

    public void Dispose() => _file.Dispose();
}
