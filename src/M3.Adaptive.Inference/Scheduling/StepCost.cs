namespace M3.Adaptive.Inference.Scheduling;

/// <summary>
/// How long the parts of a step take on this machine: measured at the start, refined by every step. Decoding is a rate for the pass, for each row and
/// for each position looked at; a prefill likewise, with (new position, position) pairs; each slice of an encode has its own time. Safe for concurrent use.
/// </summary>
/// <param name="decode">Passes of (rows, positions looked at), timed.</param>
/// <param name="prefill">Passes of (positions held, further ones), timed.</param>
/// <param name="slices">Seconds of each slice.</param>
internal sealed class StepCost(
    IEnumerable<(int Rows, long Positions, double Seconds)> decode,
    IEnumerable<(int Done, int Positions, double Seconds)> prefill,
    IEnumerable<double> slices) : IStepCost
{
    private readonly Lock _gate = new();
    private readonly LinearCost _decode = new([.. decode.Select(static pass => (new double[] { 1, pass.Rows, pass.Positions }, pass.Seconds))]);
    private readonly LinearCost _prefill = new([.. prefill.Select(static pass => (new[] { 1, pass.Positions, Pairs(pass.Done, pass.Positions) }, pass.Seconds))]);
    private readonly LinearCost[] _slices = [.. slices.Select(static seconds => new LinearCost([([1], seconds)]))];

    /// <summary>Seconds of encoding a picture.</summary>
    public double Encode => Enumerable.Range(0, _slices.Length).Sum(EncodeSlice);

    /// <summary>Slices of a picture.</summary>
    public int Slices => _slices.Length;

    /// <summary>Pictures that are encoded together at most; 1 where that was measured to gain nothing.</summary>
    public int MostPictures { get; init; } = 1;

    /// <summary>Positions of the smallest parts that prefills are cut into; at least <see cref="StepPlanner.LeastPositions"/>.</summary>
    public int LeastPart { get; init; } = StepPlanner.LeastPositions;

    /// <summary>As many of them as have each slice done within a time; at least 1.</summary>
    public int PicturesTogether(double seconds)
    {
        var longest = Enumerable.Range(0, _slices.Length).Max(EncodeSlice);
        return Math.Clamp((int)(seconds / longest), 1, MostPictures);
    }

    public double Decode(int rows, long positions)
    {
        lock (_gate) return _decode.Seconds(1, rows, positions);
    }

    public double Prefill(int done, int positions)
    {
        lock (_gate) return _prefill.Seconds(1, positions, Pairs(done, positions));
    }

    public double EncodeSlice(int slice)
    {
        lock (_gate) return _slices[slice].Seconds(1);
    }

    /// <summary>A whole answer by itself: prefill behind what is held already, then a pass for each token but the first.</summary>
    /// <param name="done">Positions held.</param>
    /// <param name="prompt">Further ones of the prompt.</param>
    /// <param name="tokens">New tokens; at least 1.</param>
    public double Answer(int done, int prompt, int tokens)
    {
        var further = tokens - 1;
        return Prefill(done, prompt) + (further * Decode(1, done + prompt + ((further + 1) / 2)));   // the mean of the positions, as it grows by one a pass
    }

    public void ObserveDecode(int rows, long positions, double seconds)
    {
        lock (_gate) _decode.Observe(seconds, 1, rows, positions);
    }

    /// <param name="positions">Of all parts of the pass.</param>
    /// <param name="pairs">Likewise; see <see cref="Pairs"/>.</param>
    /// <param name="seconds">What the pass took.</param>
    public void ObservePrefill(int positions, double pairs, double seconds)
    {
        lock (_gate) _prefill.Observe(seconds, 1, positions, pairs);
    }

    public void ObserveEncode(int slice, double seconds)
    {
        lock (_gate) _slices[slice].Observe(seconds, 1);
    }

    /// <summary>(New position, position that it looks at) pairs of a part of a prefill.</summary>
    public static double Pairs(int done, int positions) => positions * (done + (positions / 2.0));
}
