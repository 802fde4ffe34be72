using M3.Adaptive.Inference.Scheduling;

namespace M3.Adaptive.Inference.Engine;

/// <summary>
/// Calls that wait, and those whose picture or prompt is being done, by place; and what the next step does of them. Of several questions about one
/// picture at one scale the first to begin does the picture, the others wait for it. For the thread that owns the model.
/// </summary>
internal sealed class PendingCalls(StepLimits limits, Admission admission, PictureStarts starts)
{
    private const double Alone = 3;                                               // times the stall that a step may take while no answer waits for its next token
    private const int MostPositions = 1024;                                       // of the prefills of a step: bounds what a pass takes beside its answers

    private readonly List<EngineCall> _calls = [];                                // by place
    private readonly List<EngineCall> _order = [];                                // those that may run in this step
    private readonly List<PendingWork> _work = [];                                // of them
    private readonly List<PlannedWork> _plan = [];
    private readonly Dictionary<PictureAtScale, AnswerCall> _doing = [];
    private readonly HashSet<EncodeBatch> _batches = [];
    private readonly List<EncodeCall> _together = [];                             // pictures that have not begun, and would as a batch

    public int Count => _calls.Count;

    /// <summary>Pictures of the next step, and how many slices of each.</summary>
    public List<(EncodeBatch Pictures, int Slices)> Encodes { get; } = [];

    /// <summary>Answers of the next step, begun, and how many positions of each.</summary>
    public List<(AnswerCall Answer, int Positions)> Prefills { get; } = [];

    public void Add(EngineCall call) => _calls.Insert(_calls.FindLastIndex(other => other.Place <= call.Place) + 1, call);

    /// <summary>Ends those that were cancelled and forgets all that have ended or have their prompt.</summary>
    public void Clean() => _calls.RemoveAll(static call =>
    {
        if (call.IsOver) call.End(new OperationCanceledException());
        return call.IsOver || call is AnswerCall { HasBegun: true, Left: 0 };
    });

    /// <summary>Ends all of them.</summary>
    public void EndAll()
    {
        foreach (var call in _calls) call.End(new OperationCanceledException());
        _calls.Clear();
    }

    /// <summary>Decides what the next step does, and begins what is new in it.</summary>
    /// <param name="answering">Answers that have their prompt.</param>
    public void Plan(int answering, StepCost cost)
    {
        Order(cost, out var prefilling);
        var seconds = (answering == 0 ? Alone : 1) * limits.Stall.TotalSeconds;
        var room = new StepRoom(seconds, MostPositions, limits.Answers - answering - prefilling, admission.FreeKvBytes) { LeastPart = cost.LeastPart };
        StepPlanner.Plan(_work, room, cost, _plan);
        Encodes.Clear();
        Prefills.Clear();
        foreach (var (index, amount) in _plan)
        {
            if (_order[index] is EncodeCall picture)
            {
                if ((picture.Batch ?? Begin()) is { } batch) Encodes.Add((batch, amount));
            }
            else if (_order[index].HasBegun || _order[index].TryBegin())          // or it was cancelled in this moment
            {
                Prefills.Add(((AnswerCall)_order[index], amount));
            }
        }
    }

    // Null when all were cancelled in this moment.
    private EncodeBatch? Begin()
    {
        EncodeCall[] begun = [.. _together.Where(static picture => picture.TryBegin())];
        return begun.Length == 0 ? null : EncodeCall.Together(begun);
    }

    private void Order(StepCost cost, out int prefilling)
    {
        _order.Clear();
        _work.Clear();
        _doing.Clear();
        _batches.Clear();
        _together.Clear();
        _together.AddRange(_calls.OfType<EncodeCall>().Where(static picture => picture.Batch is null).Take(cost.PicturesTogether(limits.Stall.TotalSeconds)));
        prefilling = 0;
        foreach (var call in _calls)
        {
            if (call is not AnswerCall { HasBegun: true } answer) continue;
            prefilling++;
            if (!answer.HasPicture) _doing[answer.Picture] = answer;
        }

        foreach (var call in _calls)
        {
            if (call is EncodeCall picture) Order(picture, cost);
            else Order((AnswerCall)call);
        }
    }

    // A batch has its first picture's place. Pictures that would not be in the next batch wait for the one after it.
    private void Order(EncodeCall picture, StepCost cost)
    {
        if (picture.Batch is { } batch ? !_batches.Add(batch) : picture != _together[0]) return;
        var done = picture.Batch?.Done ?? 0;
        Add(picture, new PendingWork(WorkKind.Encode, picture.HasBegun, done, cost.Slices - done, 0) { Pictures = picture.Batch?.Calls.Count ?? _together.Count });
    }

    // One that waits for another's picture gives it its own place.
    private void Order(AnswerCall answer)
    {
        if (!answer.HasBegun && !starts.Has(answer.Picture) && !_doing.TryAdd(answer.Picture, answer)) answer = _doing[answer.Picture];
        if (_order.Contains(answer)) return;
        var held = answer.HasBegun || !starts.Has(answer.Picture) ? 0 : answer.Picture.Scale.Tokens;
        Add(answer, new PendingWork(WorkKind.Prefill, answer.HasBegun, answer.Length + held, answer.Left - held, answer.KvBytes));
    }

    private void Add(EngineCall call, PendingWork work)
    {
        _order.Add(call);
        _work.Add(work);
    }
}
