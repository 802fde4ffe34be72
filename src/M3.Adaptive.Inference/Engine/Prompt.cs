using M3.Adaptive.Core;
using M3.Adaptive.Model.Network;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Engine;

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

    /// <summary>The image that the start ends with, when it was computed for several questions; null when the start is text alone.</summary>
    public StartedImage? Started { get; init; }

    /// <summary>Ids behind the image.</summary>
    public required int[] Suffix { get; init; }

    /// <summary>Visual tokens that the start ends with.</summary>
    public int StartedTokens => Started?.Scale.Tokens ?? 0;

    /// <summary>Positions in all.</summary>
    public int Length => Start.Length + Scale.Tokens + Suffix.Length;
}

/// <summary>An image whose keys and values are in a prompt's start: a question behind it is charged as if it had computed them itself.</summary>
/// <param name="Scale">Its visual tokens.</param>
/// <param name="Seconds">What computing them took.</param>
internal sealed record StartedImage(VisualScale Scale, double Seconds);
