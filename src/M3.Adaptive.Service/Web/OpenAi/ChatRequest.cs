namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary>What a chat completion was asked for, as far as it can be answered. Null is what was left open; ranges are the use case's to judge.</summary>
internal sealed record ChatRequest
{
    public required string Model { get; init; }

    public required string Question { get; init; }

    /// <summary>The picture's file.</summary>
    public required ReadOnlyMemory<byte> Picture { get; init; }

    public Detail Detail { get; init; }

    /// <summary>Visual tokens that the request may be charged, escalations included.</summary>
    public int? MaxVisualTokens { get; init; }

    /// <summary>Visual tokens of the coarsest scale that may run, or fewer.</summary>
    public int? MinVisualTokens { get; init; }

    public double? Risk { get; init; }

    public int? MaxTokens { get; init; }

    public float? Temperature { get; init; }

    public float? TopP { get; init; }

    public long? Seed { get; init; }

    /// <summary>Texts that end the answer.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Whether the answer is sent as it comes.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>Whether a stream ends with what was used.</summary>
    public bool IncludesUsage { get; init; }
}

/// <summary>How closely OpenAI's interface asks to look at a picture.</summary>
internal enum Detail
{
    Auto,
    Low,
    High,
}
