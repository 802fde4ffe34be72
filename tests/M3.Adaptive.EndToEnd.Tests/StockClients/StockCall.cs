namespace M3.Adaptive.EndToEnd.Tests.StockClients;

/// <summary>One call that a stock client makes: a question about a picture.</summary>
/// <param name="Image">File with the picture.</param>
internal sealed record StockCall(string Image)
{
    /// <summary>Tokens of the answer; the tiny model always uses them up.</summary>
    public int NewTokens { get; init; } = 8;

    /// <summary>gRPC's deadline, in milliseconds from the call's start.</summary>
    public double Deadline { get; init; } = 60_000;

    /// <summary>When the client cancels the call, in milliseconds from its start; null: it waits for the answer.</summary>
    public double? CancelAfter { get; init; }

    /// <summary>Whether the request is compressed.</summary>
    public bool Gzip { get; init; }

    /// <summary>Whether the file itself is sent in the place of a request.</summary>
    public bool Raw { get; init; }
}

/// <summary>How a call of a stock client ended.</summary>
/// <param name="Code">The status, in capital letters.</param>
/// <param name="Details">The status's message.</param>
/// <param name="Trailers">Names of the trailers.</param>
internal sealed record StockOutcome(string Code, string Details, IReadOnlyList<string> Trailers)
{
    /// <summary>Fields that the status's details name, where the client reads them.</summary>
    public IReadOnlyList<string> Violations { get; init; } = [];

    public string? Text { get; init; }

    public IReadOnlyList<int> Scales { get; init; } = [];

    public long Charged { get; init; }
}
