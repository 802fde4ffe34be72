namespace M3.Adaptive.Cli.Connection;

/// <summary>What a service says of itself.</summary>
/// <param name="Server">Its address.</param>
/// <param name="Serving">Whether it takes questions: false while it starts or drains.</param>
/// <param name="Model">Version of the weights that answer; null before they are loaded.</param>
/// <param name="Predictor">Version of the predictor; null when there is none, so that the safe scale is used.</param>
/// <param name="Answers">Answers that it has given since it started; null when it does not say.</param>
/// <param name="Unfamiliar">Those of them that lay outside what the model was made for; null when it does not say.</param>
/// <param name="DriftAlarms">In what its traffic is unlike what the predictor was made for; null when it does not say.</param>
internal sealed record ServiceStatus(string Server, bool Serving, string? Model, string? Predictor, long? Answers = null, long? Unfamiliar = null, IReadOnlyList<string>? DriftAlarms = null)
{
    /// <summary>Number of the predictor's version that serves; null when it does not say.</summary>
    public int? Champion { get; init; }

    /// <summary>The version that is tried beside it; null for none.</summary>
    public TriedVersion? Challenger { get; init; }

    /// <summary>Whether what the registry names cannot be served, so that what served before still does.</summary>
    public bool PredictorFault { get; init; }
}

/// <summary>A version of the predictor that is tried.</summary>
/// <param name="Stage">shadow, canary or experiment.</param>
/// <param name="Share">Of the requests that it decides for.</param>
internal sealed record TriedVersion(int Version, string Stage, double Share);
