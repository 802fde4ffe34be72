using M3.Adaptive.Inference.Scheduling;

namespace M3.Adaptive.Inference.Engine;

/// <summary>
/// Calls that wait, and those whose picture or prompt is being done, by place; and what the next step does of them. Of several questions about one
/// picture at one scale the first to begin does the picture, the others wait for it. For the thread that owns the model.
/// </summary>
internal sealed class PendingCalls(StepLimits limits, Admission admission, PictureStarts starts)
{
    private const int MostPositions = 1024;                                       // of the prefills of a step: bounds what a pass takes beside its answers

    private readonly List<EngineCall> _calls = [];                                // by place
    private readonly List<EngineCall> _order = [];                                // those that may run in this step
    private readonly List<PendingWork> _work = [];                                // of them
    private readonly List<PlannedWork> _plan = [];
    private readonly Dictionary<PictureAtScale, AnswerCall> _doing = [];

    public int Count => _calls.Count;

    /// <summary>Pictures of the next step, and how many slices of each.</summary>
    public List<(EncodeCall Picture, int Slices)> Encodes { get; } = [];

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
        var room = new StepRoom(limits.Stall.TotalSeconds, MostPositions, limits.Answers - answering - prefilling, admission.FreeKvBytes);
        StepPlanner.Plan(_work, room, cost, _plan);
        Encodes.Clear();
        Prefills.Clear();
        foreach (var (index, amount) in _plan)
        {
            if (!_order[index].HasBegun && !_order[index].TryBegin()) continue;   // cancelled in this moment
            if (_order[index] is EncodeCall picture) Encodes.Add((picture, amount));
            else Prefills.Add(((AnswerCall)_order[index], amount));
        }
    }

    private void Order(StepCost cost, out int prefilling)
    {
        _order.Clear();
        _work.Clear();
        _doing.Clear();
        prefilling = 0;
        foreach (var call in _calls)
        {
            if (call is not AnswerCall { HasBegun: true } answer) continue;
            prefilling++;
            if (!answer.HasPicture) _doing[answer.Picture] = answer;
        }

        foreach (var call in _calls)
        {
            if (call is EncodeCall picture) Add(call, new PendingWork(WorkKind.Encode, call.HasBegun, picture.Done, cost.Slices - picture.Done, 0));
            else Order((AnswerCall)call);
        }
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
