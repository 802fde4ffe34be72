using M3.Adaptive.CommandLine;
using M3.Adaptive.Model.Backend;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Store;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Hosting;

/// <summary>Which faults at the start are the operator's to repair, and how.</summary>
internal static class StartFault
{
    /// <returns>Null for a fault of the product.</returns>
    public static CommandException? Explain(Exception exception) => exception switch
    {
        CheckpointException or TokenizerException => Wrong($"the model cannot be loaded: {exception.Message}"),
        LibtorchException => new CommandException(exception.Message, ExitCode.Failure, exception),
        OptionsValidationException options => Wrong($"the settings are wrong: {string.Join(" ", options.Failures)}"),
        RegistryException { Fault: RegistryFault.Unavailable } => new CommandException(OneLine(exception.Message), ExitCode.Failure, exception),
        RegistryException or PredictorException => Wrong(exception.Message),
        StoreException => Wrong(exception.Message),
        UnauthorizedAccessException => Wrong($"{exception.Message} Give this user access."),
        IOException => new CommandException(OneLine(exception.Message), ExitCode.Failure, exception),
        _ => null,
    };

    private static CommandException Wrong(string text) => new(OneLine(text));

    private static string OneLine(string text) =>
        string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
