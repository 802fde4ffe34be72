using System.Runtime.InteropServices;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Scheduling;
using static TorchSharp.torch;

namespace M3.Adaptive.Inference.Engine;

/// <summary>
/// Runs the passes of a step, tells the cost model what they took, and shares a pass's seconds among its answers by their work. A pass that fails
/// ends the calls it was for, and no others. On the thread that owns the model.
/// </summary>
/// <param name="prefix">Positions before every image.</param>
/// <param name="starts">Where pictures' keys and values are found and left.</param>
internal sealed class StepRunner(IArithmetic arithmetic, SequenceState prefix, PictureStarts starts, StepCost cost, TimeProvider time, InferenceMetrics? metrics)
{
    private readonly LogitBuffers _buffers = new(arithmetic.Vocabulary);
    private readonly List<DecodeRow> _rows = [];

    /// <summary>Gives a token to each answer.</summary>
    public void Decode(List<AnswerCall> answers)
    {
        if (answers.Count == 0) return;
        try
        {
            _rows.Clear();
            var (positions, work) = (0L, 0.0);
            foreach (var answer in answers)
            {
                _rows.Add(answer.Row());
                positions += answer.Length + 1;
                work += cost.Decode(1, answer.Length + 1);
            }

            var start = time.GetTimestamp();
            arithmetic.Decode(CollectionsMarshal.AsSpan(_rows));
            var seconds = time.GetElapsedTime(start).TotalSeconds;
            foreach (var answer in answers) Accept(answer, seconds * cost.Decode(1, answer.Length) / work);
            cost.ObserveDecode(_rows.Count, positions, seconds);
            metrics?.Decoded(_rows.Count);
        }
        catch (Exception fault)                                                   // every caller gets it, and the engine lives on
        {
            foreach (var answer in answers) answer.End(fault);
        }
    }

    /// <summary>Prefills some positions of each answer; those whose prompt is complete are given their first token.</summary>
    public void Prefill(IReadOnlyList<(AnswerCall Answer, int Positions)> parts)
    {
        if (parts.Count == 0) return;
        try
        {
            using var scope = NewDisposeScope();
            foreach (var (answer, _) in parts.Where(static part => !part.Answer.HasStarted)) answer.Start(arithmetic, prefix, starts, _buffers, cost);
            var positions = parts.Sum(static part => part.Positions);
            var pairs = parts.Sum(static part => StepCost.Pairs(part.Answer.Length, part.Positions));
            double[] work = [.. parts.Select(part => cost.Prefill(part.Answer.Length, part.Positions))];
            var start = time.GetTimestamp();
            arithmetic.Prefill([.. parts.Select(static part => part.Answer.Chunk(part.Positions))]);
            var seconds = time.GetElapsedTime(start).TotalSeconds;
            for (var i = 0; i < work.Length; i++)
            {
                var answer = parts[i].Answer;
                answer.Prefilled(parts[i].Positions, seconds * work[i] / work.Sum());
                if (answer.Left == 0) Accept(answer, 0);
            }

            cost.ObservePrefill(positions, pairs, seconds);
            metrics?.Prefilled(positions);
        }
        catch (Exception fault)
        {
            foreach (var (answer, _) in parts) answer.End(fault);
        }
    }

    /// <summary>Does some slices of a batch of pictures.</summary>
    public void Encode(EncodeBatch batch, int slices)
    {
        try
        {
            for (var i = 0; i < slices; i++)
            {
                var slice = batch.Done;
                cost.ObserveEncode(slice, batch.Advance(arithmetic, time) / batch.Calls.Count);
            }
        }
        catch (Exception fault)
        {
            foreach (var picture in batch.Calls) picture.End(fault);
        }
    }

    private static void Accept(AnswerCall answer, double seconds)
    {
        try
        {
            answer.Accept(seconds);
        }
        catch (InvalidDataException fault)                                        // its logits alone are broken
        {
            answer.End(fault);
        }
    }
}
