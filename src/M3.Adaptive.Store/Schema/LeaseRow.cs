namespace M3.Adaptive.Store.Schema;

/// <summary>A process that uses the store. Once its lease has ended without being renewed, others clear up after it.</summary>
internal sealed class LeaseRow
{
    public Guid Id { get; init; }

    /// <summary>Machine and process id, for people.</summary>
    public required string Holder { get; init; }

    /// <summary>Microseconds since 1970, UTC.</summary>
    public long EndsAt { get; set; }
}
