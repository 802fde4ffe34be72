namespace M3.Adaptive.Training.Retraining.Demonstration;

/// <summary>A moment of the story: one predictor on one stretch of traffic, under the default policy.</summary>
/// <param name="Accuracy">Share of right answers.</param>
/// <param name="VisualTokenShare">Charged visual tokens, of those of always the finest scale.</param>
/// <param name="Note">In a sentence what happened; for people.</param>
public sealed record StoryStep(string Name, double Accuracy, double VisualTokenShare, string Note);

/// <summary>The story of one retraining.</summary>
/// <param name="RecoveredWithinPoints">
/// By how many percentage points the retrained predictor falls short of one trained on the full mix, at the cost that it spends: on the new kinds of question, or on
/// all traffic, whichever is worse. Below 0 it is ahead.
/// </param>
/// <param name="RecoveredOnAll">The same over all traffic.</param>
/// <param name="RecoveredOnNew">The same over the new kinds alone.</param>
/// <param name="LostWithout">By how many the champion before fell short of it, on the new kinds alone.</param>
/// <param name="Items">Questions that were compared, all traffic.</param>
/// <param name="DriftAlarmed">Whether the shift was noticed, and nothing before it was.</param>
/// <param name="Alarms">What noticed it.</param>
/// <param name="GatePassed">Whether the retrained predictor passed the gate.</param>
/// <param name="PoisonRefused">Whether poisoned feedback was quarantined, and a predictor that believed it all the same was refused.</param>
/// <param name="PoisonFailed">The checks that it failed.</param>
public sealed record RetrainReport(
    double RecoveredWithinPoints, double RecoveredOnAll, double RecoveredOnNew, double LostWithout, int Items, bool DriftAlarmed, IReadOnlyList<string> Alarms,
    bool GatePassed, bool PoisonRefused, IReadOnlyList<string> PoisonFailed, IReadOnlyList<StoryStep> Steps);
