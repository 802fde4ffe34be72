namespace M3.Adaptive.Predictor.Drift;

/// <summary>One measure of drift.</summary>
/// <param name="Name">One of <see cref="DriftStatistics.Measures"/>.</param>
/// <param name="Value">What it is now; null where too little is known.</param>
/// <param name="Limit">Above it there is an alarm.</param>
public sealed record DriftMeasure(string Name, double? Value, double Limit)
{
    public bool IsAlarm => Value > Limit;
}

/// <summary>How far traffic has moved from what the predictor was made for.</summary>
/// <param name="Requests">That were looked at.</param>
/// <param name="MostShiftedFeature">Index of the feature behind the measure <c>features</c>; -1 where too little is known.</param>
public sealed record DriftReport(int Requests, IReadOnlyList<DriftMeasure> Measures, int MostShiftedFeature)
{
    public IEnumerable<DriftMeasure> Alarms => Measures.Where(measure => measure.IsAlarm);
}
