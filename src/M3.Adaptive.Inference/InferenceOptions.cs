using System.ComponentModel.DataAnnotations;
using M3.Adaptive.Inference.Arithmetic;
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

    /// <summary>How weights are kept and computed with; Plain is the reference: float32, one sequence after the other.</summary>
    public WeightChoice Weights { get; set; } = WeightChoice.Auto;

    /// <summary>Answers that run at the same time.</summary>
    [Range(1, 1024)]
    public int MaxRunning { get; set; } = 32;

    /// <summary>By how much new prompts and pictures may put off a running answer's next token.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan MaxStall { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Memory for keys and values of running answers; one that needs more is refused.</summary>
    [Range(1, long.MaxValue)]
    public long KvCacheBytes { get; set; } = 2L << 30;

    /// <summary>Memory for keys and values of pictures that were asked about, kept for further questions.</summary>
    [Range(0, long.MaxValue)]
    public long PictureKvBytes { get; set; } = 256L << 20;

    /// <summary>Files of pictures that may wait to be encoded.</summary>
    [Range(1, long.MaxValue)]
    public long WaitingPictureBytes { get; set; } = 256L << 20;

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
