using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// A stage's state at a step: weights, running statistics, the optimizer's moments. What a step sees depends on its number
/// alone, so a run that resumes goes on bit for bit as if it had not been stopped.
/// </summary>
internal sealed class TrainingCheckpoint(string folder, IReadOnlyList<(string Name, nn.Module Module)> modules, OptimizerHelper optimizer)
{
    private readonly string _last = Path.Combine(folder, "checkpoint");

    /// <summary>Writes the state beside the last one and then takes its place: a kill at any point leaves one of the two.</summary>
    public void Save(long step)
    {
        var (next, previous) = (_last + ".next", _last + ".previous");
        Delete(next);
        Directory.CreateDirectory(next);
        foreach (var (name, module) in modules) TrainingFolder.SaveWeights(Path.Combine(next, $"{name}.safetensors"), Floats(module));
        optimizer.save_state_dict(Path.Combine(next, "optimizer.bin"));
        File.WriteAllText(Path.Combine(next, "step.json"), JsonSerializer.Serialize(new State(step)));

        Delete(previous);
        if (Directory.Exists(_last)) Directory.Move(_last, previous);
        Directory.Move(next, _last);
        Delete(previous);
    }

    /// <summary>Loads the last state, if there is one.</summary>
    /// <returns>The step to go on with; 0 for a fresh start.</returns>
    public long Resume()
    {
        var from = Directory.Exists(_last) ? _last : _last + ".previous";
        if (!Directory.Exists(from)) return 0;
        foreach (var (name, module) in modules) TrainingFolder.LoadWeights(Path.Combine(from, $"{name}.safetensors"), Floats(module));
        optimizer.load_state_dict(Path.Combine(from, "optimizer.bin"));
        var state = JsonSerializer.Deserialize<State>(File.ReadAllText(Path.Combine(from, "step.json")))
            ?? throw new InvalidDataException($"{from}/step.json is empty: delete {from} and train again.");
        Console.Error.WriteLine($"Going on at step {state.Step} from {from}.");
        return state.Step;
    }

    /// <summary>Parameters and running statistics; a batch norm's count of batches is of no use with a fixed momentum.</summary>
    private static IEnumerable<(string, Tensor)> Floats(nn.Module module) =>
        module.state_dict().Where(pair => pair.Value.is_floating_point()).Select(pair => (pair.Key, pair.Value));

    private static void Delete(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }

    private sealed record State(long Step);
}
