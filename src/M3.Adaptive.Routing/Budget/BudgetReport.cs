using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Budget;

/// <summary>How the tenant's budget stands, for the reply.</summary>
/// <param name="Balance">As the request found it.</param>
/// <param name="Left">What was available then, less what the request counts; others may have taken of it since.</param>
/// <param name="Ceiling">The finest scale that the budget still left open to the request; null while it closed none.</param>
public sealed record BudgetReport(BudgetBalance Balance, long Left, VisualScale? Ceiling);
