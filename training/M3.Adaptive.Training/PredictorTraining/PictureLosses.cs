namespace M3.Adaptive.Training.PredictorTraining;

/// <summary>Losses of questions, summed by picture: questions about one picture are no independent draws.</summary>
public sealed class PictureLosses
{
    private PictureLosses(double questions, double pictures, double mean, double squares) =>
        (Questions, Pictures, Mean, StandardError) = ((long)questions, (int)pictures, mean, Math.Sqrt(squares) / questions);

    public long Questions { get; }

    public int Pictures { get; }

    /// <summary>Over questions.</summary>
    public double Mean { get; }

    /// <summary>Of the mean, robust to any dependence within a picture.</summary>
    public double StandardError { get; }

    /// <param name="loss">Sum of each picture's losses.</param>
    /// <param name="questions">Number of each picture's questions.</param>
    /// <param name="weights">How often each picture counts; once without.</param>
    public static PictureLosses Of(double[] loss, int[] questions, int[]? weights = null)
    {
        double Weight(int i) => weights is null ? 1 : weights[i];
        double sum = 0, count = 0, pictures = 0, squares = 0;
        for (var i = 0; i < loss.Length; i++)
        {
            sum += Weight(i) * loss[i];
            count += Weight(i) * questions[i];
            pictures += Weight(i);
        }

        var mean = sum / count;
        for (var i = 0; i < loss.Length; i++) squares += Weight(i) * Math.Pow(loss[i] - mean * questions[i], 2);
        return new PictureLosses(count, pictures, mean, squares * (pictures > 1 ? pictures / (pictures - 1) : 1));
    }
}
