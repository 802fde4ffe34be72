using Spectre.Console;

namespace M3.Adaptive.Cli.Output;

/// <summary>An answer for people: the text first, then how it came about.</summary>
internal static class AnswerTable
{
    public static void Write(AnswerView answer)
    {
        Terminal.Write(answer.Answer);
        WriteBehindText(answer);
    }

    /// <summary>How an answer came about whose text is there already.</summary>
    public static void WriteBehindText(AnswerView answer)
    {
        if (answer.FinishReason == Words.Of(FinishReason.Length))
            Terminal.Out.WriteLine("(cut: --max-new-tokens or the model's context was reached)");
        if (answer.Unfamiliar)
        {
            Terminal.Out.WriteLine(
                "(this lies outside what the model was made for: picture, question or answer are unlike those that it knows, "
                + "so it may well be wrong, however sure it looks)");
        }

        Terminal.Out.WriteLine();

        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("tokens", "why", "forecast", "sure", "GFLOP", "seconds");
        foreach (var step in answer.Path)
        {
            table.AddRow(
                Terminal.Cell($"{step.Scale}"), Terminal.Cell(step.Reason), Terminal.Cell(step.PredictedSuccess),
                Terminal.Cell(step.Confidence), Terminal.Cell($"{step.Flops / 1e9:F2}"), Terminal.Cell($"{step.Seconds:F3}"));
        }

        Terminal.Out.Write(table);
        Terminal.Out.WriteLine(
            $"charged {answer.ChargedVisualTokens} visual tokens, {answer.ChargedFlops / 1e9:F2} GFLOP "
            + $"(always {answer.AlwaysFinest.VisualTokens}: {answer.AlwaysFinest.Flops / 1e9:F2} GFLOP); settled: {answer.SettledReason}{Gain(answer.Path[^1])}");
        Terminal.Out.WriteLine(
            $"seconds: encode {answer.Seconds.Encode:F3}, prefill {answer.Seconds.Prefill:F3}, decode {answer.Seconds.Decode:F3}; "
            + $"model {answer.Model}, predictor {answer.Predictor ?? "none (safe scale)"}");
    }

    private static string Gain(StepView last) => last.ExpectedGain is { } gain and >= 0.005 ? $" (a finer scale was expected to add {gain:F2})" : "";
}
