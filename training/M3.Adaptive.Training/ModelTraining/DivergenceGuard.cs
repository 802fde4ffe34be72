namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Stops a run whose loss is no number or explodes; the last good checkpoint stays.</summary>
internal sealed class DivergenceGuard
{
    private const double Explosion = 4;          // times the smoothed loss
    private const int Settling = 200;            // losses seen before an explosion can be told from a start
    private double _smoothed = double.NaN;
    private int _seen;

    /// <summary>What follows is another task, whose loss is not comparable.</summary>
    public void Restart() => (_smoothed, _seen) = (double.NaN, 0);

    /// <exception cref="DivergedException">The loss is not finite, or four times its recent mean.</exception>
    public void Check(long step, double loss)
    {
        if (!double.IsFinite(loss) || (_seen > Settling && loss > Explosion * _smoothed))
            throw new DivergedException($"Training diverged at step {step}: loss {loss:G4} after about {_smoothed:G4}. The last good checkpoint is kept; lower the learning rate and run again.");
        _seen++;
        _smoothed = double.IsNaN(_smoothed) ? loss : 0.98 * _smoothed + 0.02 * loss;
    }
}

/// <summary>The loss exploded.</summary>
internal sealed class DivergedException(string message) : Exception(message);
