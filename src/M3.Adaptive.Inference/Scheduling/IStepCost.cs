namespace M3.Adaptive.Inference.Scheduling;

/// <summary>Seconds that parts of a step take on this machine.</summary>
internal interface IStepCost
{
    /// <summary>A pass that gives one token to each of several answers.</summary>
    /// <param name="rows">Answers.</param>
    /// <param name="positions">That they look at, all together.</param>
    double Decode(int rows, long positions);

    /// <summary>A part of a prefill.</summary>
    /// <param name="done">Positions that the sequence holds.</param>
    /// <param name="positions">Further ones; more of them never take less.</param>
    double Prefill(int done, int positions);

    /// <summary>One slice of encoding a picture.</summary>
    double EncodeSlice(int slice);
}
