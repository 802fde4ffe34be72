namespace M3.Adaptive.Store.Schema;

/// <summary>One decision as a row. Lists are blobs of little-endian floats; the path is JSON.</summary>
internal sealed class DecisionRow
{
    public Guid Id { get; init; }

    /// <summary>Microseconds since 1970, UTC.</summary>
    public long At { get; init; }

    public required string Tenant { get; init; }

    public required string RequestId { get; init; }

    public required string ModelVersion { get; init; }

    public required string PredictorVersion { get; init; }

    public int FeatureVersion { get; init; }

    public required string ImageHash { get; init; }

    public required byte[] Features { get; init; }

    public required byte[] Success { get; init; }

    public double Propensity { get; init; }

    /// <summary>Number of Core's PredictorAlias.</summary>
    public int Alias { get; init; }

    public double AliasPropensity { get; init; }

    /// <summary>JSON; null where no challenger looked on.</summary>
    public string? Shadow { get; init; }

    public required string Path { get; init; }

    public long VisualTokens { get; init; }

    public double Flops { get; init; }

    public double Seconds { get; init; }
}
