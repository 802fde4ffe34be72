using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace M3.Adaptive.Routing.Budget;

/// <summary>How requests meet a budget that runs out.</summary>
public sealed class BudgetOptions
{
    public const string Section = "Routing:Budget";

    /// <summary>How long a request waits for running ones to give back what they do not use, when all that is left of its budget is reserved.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(10);
}

[OptionsValidator]
internal sealed partial class BudgetOptionsValidator : IValidateOptions<BudgetOptions>;
