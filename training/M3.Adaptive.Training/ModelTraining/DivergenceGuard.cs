namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Stops a run whose loss is no number or explodes; the last good checkpoint stays.</summary>
internal sealed class DivergenceGuard
{
    private const double Explosion = 4;          // times the settled loss
    private const int Settling = 200;            // losses seen before an explosion can be told from a start
    private double _settled = double.NaN;        // mean over about 50 steps
    private double _recent = double.NaN;         // mean over about 10: one hard batch is no explosion
    private int _seen;

    /// <summary>What follows is another task, whose loss is not comparable.</summary>
    public void Restart() => (_settled, _recent, _seen) = (double.NaN, double.NaN, 0);

    /// <exception cref="DivergedException">The loss is not finite, or its recent mean is four times the settled one.</exception>
    public void Check(long step, double loss)
    {
        _recent = Mean(_recent, loss, 0.1);
        if (!double.IsFinite(loss) || (_seen > Settling && _recent > Explosion * _settled))
            throw new DivergedException($"Training diverged at step {step}: loss {loss:G4} after about {_settled:G4}. The last good checkpoint is kept; lower the learning rate and run again.");
        _seen++;
        _settled = Mean(_settled, loss, 0.02);
    }

    private static double Mean(double before, double loss, double share) => double.IsNaN(before) ? loss : (1 - share) * before + share * loss;
}

/// <summary>The loss exploded.</summary>
internal sealed class DivergedException(string message) : Exception(message);
