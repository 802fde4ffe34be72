using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Store;

/// <summary>When SQLite takes a commit for done.</summary>
public enum Synchronous
{
    /// <summary>Once the device has it: it survives a loss of power.</summary>
    Full = 0,

    /// <summary>Once the system has it: it survives the end of the process, however sudden, and may be lost with the machine's power.</summary>
    Normal = 1,
}

/// <summary>Where decisions, outcomes, budgets and keys are kept, and for how long.</summary>
public sealed class StoreOptions
{
    public const string Section = "Store";

    /// <summary>PostgreSQL connection string, such as <c>Host=db;Database=m3;Username=m3;Password=...</c>; without it, the file <c>m3.db</c> in the state folder (SQLite).</summary>
    public string? PostgreSql { get; set; }

    /// <summary>When SQLite takes a commit for done: once the device has it (Full), or once the system has it (Normal), which a loss of power can undo.</summary>
    public Synchronous Synchronous { get; set; } = Synchronous.Normal;

    /// <summary>Time for which decisions, outcomes and ended windows of budgets are kept.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan RetainFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Time after which what a dead service process had reserved of budgets is given back.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00")]
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class StoreOptionsValidator : IValidateOptions<StoreOptions>;
