namespace M3.Adaptive.Training.Statistics;

/// <summary>
/// Probabilities with their outcomes, sorted once, to be measured under many weightings of the items: how well they tell right from wrong and
/// how far they can be believed. A weight says how often an item is there.
/// </summary>
public sealed class Ranked
{
    private readonly float[] _scores;                                         // rising
    private readonly bool[] _right;
    private readonly int[] _items;

    public Ranked(ReadOnlySpan<float> scores, ReadOnlySpan<bool> right)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, scores.Length);
        _scores = scores.ToArray();
        _items = [.. Enumerable.Range(0, _scores.Length)];
        Array.Sort(_scores, _items);
        var outcomes = right.ToArray();
        _right = [.. _items.Select(item => outcomes[item])];
    }

    /// <summary>Probability that a right item is ranked above a wrong one, ties counting half; 0.5 when all outcomes are the same.</summary>
    public double Auroc(Func<int, double>? weight = null)
    {
        double rightWeight = 0, wrongBelow = 0, wins = 0;
        for (var start = 0; start < _scores.Length;)
        {
            double tiedRight = 0, tiedWrong = 0;
            var end = start;
            for (; end < _scores.Length && _scores[end] == _scores[start]; end++)
            {
                if (_right[end]) tiedRight += Weight(weight, end);
                else tiedWrong += Weight(weight, end);
            }

            wins += tiedRight * (wrongBelow + tiedWrong / 2);
            rightWeight += tiedRight;
            wrongBelow += tiedWrong;
            start = end;
        }

        return rightWeight == 0 || wrongBelow == 0 ? 0.5 : wins / (rightWeight * wrongBelow);
    }

    /// <summary>Mean squared distance between probability and outcome: 0 to 1, smaller is better; NaN without items.</summary>
    public double Brier(Func<int, double>? weight = null)
    {
        double sum = 0, all = 0;
        for (var i = 0; i < _scores.Length; i++)
        {
            var (w, error) = (Weight(weight, i), _scores[i] - (_right[i] ? 1.0 : 0.0));
            sum += w * error * error;
            all += w;
        }

        return sum / all;
    }

    /// <summary>
    /// Expected calibration error over bins of equal mass: the mean distance between a bin's mean probability and its share
    /// of right items, weighted by its items.
    /// </summary>
    public double CalibrationError(int bins = 15, Func<int, double>? weight = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var gaps = new double[bins];
        double all = 0, below = 0;
        for (var i = 0; i < _scores.Length; i++) all += Weight(weight, i);
        for (var i = 0; i < _scores.Length; i++)
        {
            var w = Weight(weight, i);
            gaps[Math.Min((int)((below + w / 2) / all * bins), bins - 1)] += w * (_scores[i] - (_right[i] ? 1.0 : 0.0));
            below += w;
        }

        return gaps.Sum(Math.Abs) / all;
    }

    /// <summary>
    /// Area under the risk-coverage curve: the share of wrong items among the most confident part, averaged over how large that part is
    /// (Geifman and El-Yaniv 2017); 0 to 1, smaller is better.
    /// </summary>
    public double Aurc(Func<int, double>? weight = null)
    {
        double covered = 0, wrong = 0, area = 0;
        for (var i = _scores.Length - 1; i >= 0; i--)
        {
            var w = Weight(weight, i);
            if (w == 0) continue;
            covered += w;
            wrong += _right[i] ? 0 : w;
            area += w * wrong / covered;
        }

        return area / covered;
    }

    /// <summary>For a plot: mean probability and share of right items of bins of equal mass.</summary>
    public IEnumerable<(double Probability, double Right)> Reliability(int bins = 15)
    {
        for (var bin = 0; bin < bins; bin++)
        {
            var range = new Range((int)((long)_scores.Length * bin / bins), (int)((long)_scores.Length * (bin + 1) / bins));
            if (_scores[range] is not [] and var scores) yield return (scores.Average(), _right[range].Average(right => right ? 1.0 : 0.0));
        }
    }

    private double Weight(Func<int, double>? weight, int i) => weight?.Invoke(_items[i]) ?? 1;
}
