using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Inference;

/// <summary>Which model answers, and what it may take.</summary>
public sealed class InferenceOptions
{
    public const string Section = "Inference";

    /// <summary>Checkpoint folder in the published format; without it, the model that comes with the product.</summary>
    [Required]
    public string ModelDirectory { get; set; } = "";

    /// <summary>Threads of one tensor operation.</summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Calls that may wait for the model; further ones are refused.</summary>
    [Range(1, 65_536)]
    public int MaxWaiting { get; set; } = 64;

    /// <summary>Memory for encoded images.</summary>
    [Range(0, long.MaxValue)]
    public long VisionCacheBytes { get; set; } = 256L << 20;

    /// <summary>Encoded images at most.</summary>
    [Range(0, int.MaxValue)]
    public int VisionCacheImages { get; set; } = 4096;
}

[OptionsValidator]
internal sealed partial class InferenceOptionsValidator : IValidateOptions<InferenceOptions>;
