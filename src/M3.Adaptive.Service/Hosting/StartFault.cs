using M3.Adaptive.CommandLine;
using M3.Adaptive.Model.Backend;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Store;
using Microsoft.AspNetCore.Connections;
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
        UnauthorizedAccessException => Wrong($"{exception.Message} Give access, or set M3_STATE to another folder."),
        StoreException or InvalidDataException => Wrong(exception.Message),
        IOException { InnerException: AddressInUseException } => Wrong($"{exception.Message} Choose another one with --port."),
        _ => null,
    };

    // In one line, whatever the message is made of.
    private static CommandException Wrong(string text) =>
        new(string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
}
