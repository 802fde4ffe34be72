using System.CommandLine;
using M3.Adaptive.Inference;
using M3.Adaptive.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Training.OracleLabelling;

/// <summary>The model option that several commands share.</summary>
internal static class ModelFolder
{
    public static Option<DirectoryInfo> Option() => new("--model")
    {
        Description = "A checkpoint folder in the published format.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("models", "m3-nano")),
    };

    /// <param name="folder">The checkpoint.</param>
    /// <param name="threads">Of one tensor operation.</param>
    public static M3Generator Open(string folder, int threads)
    {
        var options = new InferenceOptions { ModelDirectory = folder, Threads = threads };
        return new M3Generator(LoadedModel.Open(folder), options, TimeProvider.System, NullLogger<M3Generator>.Instance);
    }
}
