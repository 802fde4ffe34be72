namespace M3.Adaptive.Cli.Connection;

/// <summary>What a service says of itself.</summary>
/// <param name="Server">Its address.</param>
/// <param name="Serving">Whether it takes questions: false while it starts or drains.</param>
/// <param name="Model">Version of the weights that answer; null before they are loaded.</param>
/// <param name="Predictor">Version of the predictor; null when there is none, so that the safe scale is used.</param>
/// <param name="Answers">Answers that it has given since it started; null when it does not say.</param>
/// <param name="Unfamiliar">Those of them that lay outside what the model was made for; null when it does not say.</param>
/// <param name="DriftAlarms">In what its traffic is unlike what the predictor was made for; null when it does not say.</param>
internal sealed record ServiceStatus(string Server, bool Serving, string? Model, string? Predictor, long? Answers = null, long? Unfamiliar = null, IReadOnlyList<string>? DriftAlarms = null);
