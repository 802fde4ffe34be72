namespace M3.Adaptive.Inference.Scheduling;

/// <summary>Kinds of work that is done a part at a time.</summary>
internal enum WorkKind
{
    /// <summary>A picture, slice by slice of the vision tower.</summary>
    Encode,

    /// <summary>A prompt, position by position.</summary>
    Prefill,
}

/// <summary>Work that waits or has been begun.</summary>
/// <param name="Begun">Whether a part of it is done, and it holds its memory.</param>
/// <param name="Done">Positions that its sequence holds, or slices that are done.</param>
/// <param name="Left">Positions or slices to do; at least 1.</param>
/// <param name="KvBytes">Keys and values that beginning it takes; 0 for a picture.</param>
internal readonly record struct PendingWork(WorkKind Kind, bool Begun, int Done, int Left, long KvBytes)
{
    /// <summary>Pictures that are encoded together; 1 unless stated otherwise.</summary>
    public int Pictures { get; init; } = 1;
}

/// <summary>What a step may still take beside the tokens of running answers.</summary>
/// <param name="Seconds">Time.</param>
/// <param name="Positions">Positions of all prefills.</param>
/// <param name="Sequences">Answers that may be begun.</param>
/// <param name="KvBytes">Free for keys and values.</param>
internal readonly record struct StepRoom(double Seconds, int Positions, int Sequences, long KvBytes)
{
    /// <summary>Positions of the smallest parts that prefills are cut into; no more than <see cref="Positions"/>.</summary>
    public int LeastPart { get; init; } = StepPlanner.LeastPositions;
}

/// <summary>A part of a piece of work that a step does.</summary>
/// <param name="Index">Which piece of work.</param>
/// <param name="Amount">Positions or slices.</param>
internal readonly record struct PlannedWork(int Index, int Amount);

/// <summary>
/// What a step does beside the next token of every running answer: parts of prefills and encodes in the order of their places, as many as fit the
/// step's time. Of the first one at least the smallest part or one slice is done, however long it takes: that, or the step's time
/// where it is longer, is the most by which others' work puts off a running answer's next token.
/// </summary>
internal static class StepPlanner
{
    /// <summary>A prefill is cut into no smaller parts, whatever the machine: passes have a price of their own.</summary>
    public const int LeastPositions = 32;

    /// <param name="ordered">Work by place, first to be served first.</param>
    /// <param name="room">What the step may take.</param>
    /// <param name="cost">How long parts take.</param>
    /// <param name="plan">Takes the parts; cleared first.</param>
    public static void Plan(IReadOnlyList<PendingWork> ordered, StepRoom room, IStepCost cost, List<PlannedWork> plan)
    {
        plan.Clear();
        var mayBegin = true;
        for (var index = 0; index < ordered.Count && room is { Seconds: > 0, Positions: > 0 }; index++)
        {
            var work = ordered[index];
            if (!work.Begun && work.Kind == WorkKind.Prefill)
            {
                mayBegin &= room.Sequences > 0 && work.KvBytes <= room.KvBytes;   // nobody passes one that waits for memory: small ones would starve it
                if (!mayBegin) continue;
            }

            var (amount, seconds) = work.Kind == WorkKind.Encode ? Slices(work, room, cost, plan.Count == 0) : Positions(work, room, cost, plan.Count == 0);
            if (amount == 0) continue;
            plan.Add(new PlannedWork(index, amount));
            var begins = !work.Begun && work.Kind == WorkKind.Prefill;
            room = room with
            {
                Seconds = room.Seconds - seconds,
                Positions = work.Kind == WorkKind.Prefill ? room.Positions - amount : room.Positions,
                Sequences = begins ? room.Sequences - 1 : room.Sequences,
                KvBytes = begins ? room.KvBytes - work.KvBytes : room.KvBytes,
            };
        }
    }

    private static (int Amount, double Seconds) Slices(PendingWork work, StepRoom room, IStepCost cost, bool first)
    {
        var (amount, seconds) = (0, 0.0);
        while (amount < work.Left)
        {
            var with = seconds + (work.Pictures * cost.EncodeSlice(work.Done + amount));
            if (with > room.Seconds && !(first && amount == 0)) break;
            (amount, seconds) = (amount + 1, with);
        }

        return (amount, seconds);
    }

    private static (int Amount, double Seconds) Positions(PendingWork work, StepRoom room, IStepCost cost, bool first)
    {
        var least = Math.Min(work.Left, room.LeastPart);
        var most = Math.Min(work.Left, room.Positions);
        if (most < least) return (0, 0);
        if (cost.Prefill(work.Done, least) is var seconds && seconds > room.Seconds) return first ? (least, seconds) : (0, 0);
        var (fits, tooMany) = (least, most + 1);
        while (tooMany - fits > 1)
        {
            var middle = (fits + tooMany) / 2;
            if (cost.Prefill(work.Done, middle) <= room.Seconds) fits = middle;
            else tooMany = middle;
        }

        return (fits, cost.Prefill(work.Done, fits));
    }
}
