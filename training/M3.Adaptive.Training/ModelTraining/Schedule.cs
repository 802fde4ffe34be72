namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Learning rate: linear warm-up, then half a cosine down to a floor.</summary>
internal static class Schedule
{
    /// <param name="step">0 for the first step.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="warmUp">Steps of the warm-up.</param>
    /// <param name="peak">The rate after the warm-up.</param>
    /// <param name="floor">Share of the peak that remains at the end.</param>
    public static double Rate(long step, long steps, long warmUp, double peak, double floor = 0.02)
    {
        if (step < warmUp) return peak * (step + 1) / warmUp;
        var progress = Math.Min(1.0, (step - warmUp) / (double)Math.Max(1, steps - warmUp));
        return peak * (floor + (1 - floor) * 0.5 * (1 + Math.Cos(Math.PI * progress)));
    }
}
