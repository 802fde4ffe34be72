using M3.Adaptive.Core;
using M3.Adaptive.Model;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference;

/// <summary>What an answer continues: positions whose keys and values exist already, then an image's tokens, then text.</summary>
internal sealed record Prompt
{
    /// <summary>Keys and values of the start; read, never written.</summary>
    public required KvCache Start { get; init; }

    /// <summary>The image's finest tokens, [1, 576, C]; null for text alone.</summary>
    public Tensor? Projected { get; init; }

    /// <summary>To which the image is pooled; <c>default</c> without an image.</summary>
    public VisualScale Scale { get; init; }

    /// <summary>How it is pooled; other than the average for study.</summary>
    public Pooling Pooling { get; init; } = Pooling.Average;

    /// <summary>Ids behind the image.</summary>
    public required int[] Suffix { get; init; }

    /// <summary>Positions in all.</summary>
    public int Length => Start.Length + Scale.Tokens + Suffix.Length;
}
