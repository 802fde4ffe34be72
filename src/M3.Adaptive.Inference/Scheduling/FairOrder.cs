namespace M3.Adaptive.Inference.Scheduling;

/// <summary>
/// The order in which calls are served, by what they cost. A call of cost c stands where a costless one would that came once a further
/// <see cref="Patience"/> times c of work had been admitted. So a cheap call overtakes dear ones, and nobody starves: the calls that come later
/// and are served before it cost together at most <see cref="Patience"/> times what it costs itself. Not safe for concurrent use.
/// </summary>
internal sealed class FairOrder
{
    /// <summary>How many times its own cost a call lets others go first.</summary>
    public const double Patience = 32;

    private double _admitted;

    /// <summary>Admits a call; the smallest place is served first.</summary>
    /// <param name="cost">Seconds that it is expected to take.</param>
    public double Admit(double cost)
    {
        _admitted += cost;
        return _admitted + (Patience * cost);
    }
}
