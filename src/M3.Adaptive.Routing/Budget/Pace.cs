using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Budget;

/// <summary>
/// The price that makes one tenant's budget last its window. A dual update: what a request was charged above its fair part of what is left raises
/// the price, and below lowers it, each request by a little (Balseiro and Gur 2019, adaptive pacing). The fair part is what is left over the
/// requests still to come, which the shape of the windows before foretells; in the first window they are taken to come evenly. Not thread-safe.
/// </summary>
/// <remarks>
/// Other processes charge the same budget: what they do shows in the balance, and the fair part is of this process's share in the spend. All of it is
/// kept in memory only: a process that starts begins at the settings' price and learns the shape anew.
/// </remarks>
public sealed class Pace
{
    private const int Bins = 96;

    // How far one request moves the price, and by how many fair parts it is taken to be over at most: a 576 on a budget of 9s would be 64.
    private const double Step = 0.05, MostOver = 3;

    // The price stays within this factor of where it began.
    private const double Range = 1000;

    // Held back for requests that nothing foretells, falling to nothing towards the window's end.
    private const double KeptBack = 0.03;

    // How much of a day must have been seen until today's amount of requests counts as much as the shape's.
    private const double Inertia = 0.5;

    private readonly double _start;
    private readonly double[] _counts = new double[Bins];
    private double[]? _shape;
    private DateTimeOffset _window;
    private double _own;

    /// <param name="start">Price to begin with, per unit of the budget; above 0.</param>
    public Pace(double start)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(start);
        (_start, Price) = (start, start);
    }

    /// <summary>Probability of a right answer that one unit of the budget is worth now.</summary>
    public double Price { get; private set; }

    /// <summary>Takes account of a request.</summary>
    /// <param name="balance">As the request found it.</param>
    /// <param name="amount">What it was charged, in the budget's unit.</param>
    /// <param name="now">Within the balance's window; a later request of an earlier window counts as one at this one's end.</param>
    public void Observe(BudgetBalance balance, long amount, DateTimeOffset now)
    {
        var passed = Count(balance, now);
        _own += amount;
        var spent = balance.Settled + balance.Reserved + amount;
        var left = Math.Max(0, balance.Budget.Limit - spent - KeptBack * balance.Budget.Limit * (1 - passed));
        var fair = left * Share(spent) / Math.Max(1, RequestsToCome(passed));
        var over = fair > 0 ? Math.Clamp(amount / fair - 1, -1, MostOver) : MostOver;
        Move(over);
    }

    /// <summary>Takes account of a request for which nothing was left: it belongs to the shape, and the price was too low.</summary>
    public void ObserveRefusal(BudgetBalance balance, DateTimeOffset now)
    {
        Count(balance, now);
        Move(MostOver);
    }

    private double Count(BudgetBalance balance, DateTimeOffset now)
    {
        if (balance.WindowStart > _window) Begin(balance.WindowStart);
        var passed = Math.Clamp((now - _window) / balance.Budget.Window, 0, 1);
        _counts[Math.Min((int)(passed * Bins), Bins - 1)]++;
        return passed;
    }

    private void Move(double over) => Price = Math.Clamp(Price * Math.Exp(Step * over), _start / Range, _start * Range);

    // What was learnt of earlier windows and what this one showed count the same.
    private void Begin(DateTimeOffset window)
    {
        if (_counts.Sum() > 0) _shape = _shape is null ? [.. _counts] : [.. _shape.Zip(_counts, static (before, now) => (before + now) / 2)];
        Array.Clear(_counts);
        (_window, _own) = (window, 0);
    }

    private double Share(long spent) => spent > 0 ? Math.Clamp(_own / spent, 0.01, 1) : 1;

    private double RequestsToCome(double passed)
    {
        var seen = _counts.Sum();
        if (_shape is null) return seen / Math.Max(passed, 0.001) * (1 - passed);
        var bin = Math.Min((int)(passed * Bins), Bins - 1);
        var (past, total) = (_shape.Take(bin).Sum() + _shape[bin] * (passed * Bins - bin), _shape.Sum());
        return (total - past) * (seen + Inertia * total) / (past + Inertia * total);
    }
}
