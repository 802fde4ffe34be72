using System.CommandLine;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Registry;

namespace M3.Adaptive.Service.Administration;

/// <summary>The registry of a model's predictors, for a command: a running service sees each change within a second.</summary>
internal sealed class RegistryAccess
{
    public Option<DirectoryInfo> Model { get; } = ShippedModel.Option("Folder of the model that the predictors are for.");

    /// <summary>Opens it, with the predictor of the model's own folder in it.</summary>
    /// <exception cref="CheckpointException">There is no model in the folder.</exception>
    public PredictorRegistry Open(ParseResult parsed, CancellationToken cancellation)
    {
        var folder = parsed.GetRequiredValue(Model).FullName;
        using var checkpoint = CheckpointFolder.Open(folder);
        var registry = PredictorRegistry.Open(StateFolder.Path, checkpoint.Identify(), TimeProvider.System);
        try
        {
            registry.TakeIn(Path.Combine(folder, "predictor"), Operator.Name, cancellation);
        }
        catch (PredictorException fault) when (registry.Aliases().Champion is null)
        {
            throw new CommandException($"there is no predictor for {registry.Model.Version} yet: {fault.Message}", cause: fault);
        }
        catch (PredictorException)
        {
            // The registry has others, which is what the command is about; the service's log says why it did not take this one in.
        }

        return registry;
    }
}
