using System.Collections.Concurrent;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Scheduling;
using TorchSharp;

namespace M3.Adaptive.Inference.Engine;

/// <summary>What the loop computes with.</summary>
/// <param name="MakeArithmetic">Called on the loop's thread, and the loop's from then on.</param>
/// <param name="Prefix">Ids before every image; at least one.</param>
/// <param name="Context">Positions of the longest sequence.</param>
/// <param name="PictureSide">S, pixels.</param>
/// <param name="Threads">Of one tensor operation.</param>
internal sealed record EngineModel(Func<IArithmetic> MakeArithmetic, ReadOnlyMemory<int> Prefix, int Context, int PictureSide, int Threads);

/// <summary>What steps may take and keep.</summary>
/// <param name="Stall">By how much others' prefills and encodes may put off a running answer's next token.</param>
/// <param name="Answers">That run at the same time.</param>
/// <param name="PictureBytes">Keys and values of pictures kept for further questions.</param>
/// <param name="Pictures">That are encoded together, where that is measured to be quicker.</param>
internal readonly record struct StepLimits(TimeSpan Stall, int Answers, long PictureBytes, int Pictures);

/// <summary>
/// The one thread that computes with the model's tensors, step by step: each running answer is given its next token, then parts of waiting prompts and
/// pictures are done in the order of their places (<see cref="StepPlanner"/>). Calls come in by a queue that <see cref="Admission"/> bounds; those that
/// were cancelled are ended before each step.
/// </summary>
internal sealed class EngineLoop : IDisposable
{
    private readonly ConcurrentQueue<EngineCall> _arrivals = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _checks = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource<StepCost> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private readonly Admission _admission;
    private readonly TimeProvider _time;
    private readonly InferenceMetrics? _metrics;
    private readonly PictureStarts _starts;
    private readonly PendingCalls _pending;
    private readonly List<AnswerCall> _answers = [];                              // that are given a token each step
    private volatile bool _stopping;

    /// <summary>Starts the thread; returns when the model is ready to answer.</summary>
    public EngineLoop(EngineModel model, StepLimits limits, Admission admission, TimeProvider time, InferenceMetrics? metrics)
    {
        (_admission, _time, _metrics) = (admission, time, metrics);
        _starts = new PictureStarts(limits.PictureBytes);
        _pending = new PendingCalls(limits, admission, _starts);
        _thread = new Thread(() => Run(model, limits.Pictures)) { IsBackground = true, Name = "model" };
        _thread.Start();
        Cost = _ready.Task.GetAwaiter().GetResult();
    }

    /// <summary>How long parts of steps take here.</summary>
    public StepCost Cost { get; }

    /// <summary>Answers that are given a token each step, about now.</summary>
    public int Running => _answers.Count;

    /// <summary>Bytes of pictures' keys and values that are kept, about now.</summary>
    public long PictureBytes => _starts.Bytes;

    /// <summary>What was chosen for which pass.</summary>
    public string Description { get; private set; } = "";

    /// <summary>Bytes of keys and values of one position.</summary>
    public long KvBytesPerPosition { get; private set; }

    /// <summary>Gives the engine a call that was let in.</summary>
    /// <exception cref="ObjectDisposedException">The engine has stopped; the call is cancelled.</exception>
    public void Post(EngineCall call)
    {
        _arrivals.Enqueue(call);
        _wake.Set();
        if (!_stopping) return;
        call.Cancel();
        ObjectDisposedException.ThrowIf(true, this);
    }

    /// <summary>Checks the books between two steps, when calls that were cancelled before have ended.</summary>
    /// <exception cref="InvalidOperationException">They do not balance.</exception>
    public Task CheckIntegrityAsync()
    {
        var check = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _checks.Enqueue(check);
        _wake.Set();
        if (_stopping) check.TrySetCanceled();
        return check.Task;
    }

    /// <summary>Ends every call within a step and waits for the thread.</summary>
    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    private void Run(EngineModel model, int pictures)
    {
        torch.set_num_threads(model.Threads);                                     // counts for the calling thread only
        try
        {
            using var arithmetic = model.MakeArithmetic();
            using var prefix = arithmetic.NewSequence(model.Prefix.Length);
            arithmetic.Prefill([new PrefillChunk(prefix, null, model.Prefix, default)]);
            var cost = WarmUp.Measure(arithmetic, prefix, model, pictures, _time);
            var runner = new StepRunner(arithmetic, prefix, _starts, cost, _time, _metrics);
            (Description, KvBytesPerPosition) = (arithmetic.Description, arithmetic.KvBytes(1));
            _ready.SetResult(cost);
            while (!_stopping)
            {
                if (!Step(runner, cost)) _wake.WaitOne();
            }
        }
        catch (Exception fault) when (!_ready.Task.IsCompleted)                   // the weights may be broken: whoever waits for the engine is told
        {
            _ready.SetException(fault);
        }
        finally
        {
            _stopping = true;
            EndAll();
        }
    }

    /// <returns>False when there was nothing to do.</returns>
    private bool Step(StepRunner runner, StepCost cost)
    {
        Receive();
        while (_checks.TryDequeue(out var check)) Check(check);
        if (_pending.Count + _answers.Count == 0) return false;
        var start = _time.GetTimestamp();
        _pending.Plan(_answers.Count, cost);
        runner.Decode(_answers);
        foreach (var (pictures, slices) in _pending.Encodes) runner.Encode(pictures, slices);
        runner.Prefill(_pending.Prefills);
        foreach (var (answer, _) in _pending.Prefills)
        {
            if (answer is { HasBegun: true, Left: 0 }) _answers.Add(answer);
        }

        Clean();
        var seconds = _time.GetElapsedTime(start).TotalSeconds;
        _admission.Worked(seconds);
        _metrics?.Stepped(seconds);
        return true;
    }

    // What has arrived is put in its place; what was cancelled meanwhile gives back its memory.
    private void Receive()
    {
        while (_arrivals.TryDequeue(out var call)) _pending.Add(call);
        Clean();
    }

    private void Clean()
    {
        _pending.Clean();
        _answers.RemoveAll(static answer =>
        {
            if (answer.IsOver) answer.End(new OperationCanceledException());
            return answer.IsOver;
        });
    }

    private void Check(TaskCompletionSource check)
    {
        try
        {
            _admission.CheckIntegrity();
            _starts.CheckIntegrity();
            check.TrySetResult();
        }
        catch (InvalidOperationException fault)
        {
            check.TrySetException(fault);
        }
    }

    private void EndAll()
    {
        Receive();
        _pending.EndAll();
        foreach (var answer in _answers) answer.End(new OperationCanceledException());
        _starts.Dispose();
        while (_checks.TryDequeue(out var check)) check.TrySetCanceled();
    }
}
