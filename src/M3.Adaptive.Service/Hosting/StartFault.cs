using System.Diagnostics.CodeAnalysis;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Store;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Service.Hosting;

/// <summary>Which faults at the start are the operator's to repair, and how.</summary>
internal static class StartFault
{
    /// <returns>False for a fault of ours, which ends the process with its whole story.</returns>
    public static bool TryExplain(Exception exception, [NotNullWhen(true)] out string? explanation)
    {
        explanation = exception switch
        {
            CheckpointException or TokenizerException => $"the model cannot be loaded: {OneLine(exception.Message)}",
            OptionsValidationException options => $"the settings are wrong: {string.Join(" ", options.Failures)}",
            UnauthorizedAccessException => $"{OneLine(exception.Message)} Give access, or set M3_STATE to another folder.",
            StoreException or FileNotFoundException or InvalidDataException => OneLine(exception.Message),
            IOException { InnerException: AddressInUseException } => $"{OneLine(exception.Message)} Choose another one with --port.",
            _ => null,
        };
        return explanation is not null;
    }

    private static string OneLine(string text) =>
        string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
