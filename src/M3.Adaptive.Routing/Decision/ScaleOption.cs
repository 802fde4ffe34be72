using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Decision;

/// <summary>One thing that can be done next, and what it is worth.</summary>
/// <param name="Scale">The scale to run; null is to keep the answer in hand.</param>
/// <param name="Success">Probability that this answer is right, as routing sees it.</param>
/// <param name="Value">Success, less the price of the run, plus half of what finer scales could still add: what decides. Below 0 where the run is dear.</param>
/// <param name="Planned">What the run costs, plus half of what the plan behind it is expected to cost; nothing for keeping the answer.</param>
public readonly record struct ScaleOption(VisualScale? Scale, float Success, double Value, MeanCost Planned);
