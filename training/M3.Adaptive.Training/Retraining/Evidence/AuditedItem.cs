using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Retraining.Evidence;

/// <summary>Who says which of an audit's answers are right.</summary>
public enum LabelSource
{
    /// <summary>A client gave the right answer.</summary>
    Reference = 1,

    /// <summary>A client said of the answer that was served that it is right; other answers count by being the same.</summary>
    Verdict = 2,

    /// <summary>Nobody said anything: the finest scale's answer stands for the right one, which overrates it.</summary>
    Agreement = 3,
}

/// <summary>Full information: one question with the outcome at every scale.</summary>
/// <param name="Picture">The picture's features.</param>
/// <param name="Tenant">Whose question it was.</param>
/// <param name="By">Who labelled it; empty for <see cref="LabelSource.Agreement"/>.</param>
public sealed record AuditedItem(LabelItem Item, float[] Picture, string Tenant, LabelSource Source, string By);
