using System.Text.Json.Serialization;

namespace M3.Adaptive.Predictor.Registry;

/// <summary>How much a challenger may do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChallengerStage>))]
public enum ChallengerStage
{
    /// <summary>It decides beside the champion and is logged; what it decides is not done.</summary>
    Shadow = 1,

    /// <summary>It decides for a share of the requests, until it proves worse than the champion.</summary>
    Canary = 2,

    /// <summary>It decides for a share of the requests, whatever comes of it.</summary>
    Experiment = 3,
}

/// <summary>The version that may follow the champion.</summary>
/// <param name="Share">Share of the requests that it decides for: 0 as a shadow, else above 0 and below 1.</param>
/// <param name="Since">When it was given this stage.</param>
public sealed record Challenger(int Version, ChallengerStage Stage, double Share, DateTimeOffset Since)
{
    /// <summary>Shares that a canary or an experiment can have.</summary>
    public static bool IsShare(double share) => share is > 0 and < 1;
}

/// <summary>Which versions serve. Pure: each change gives new aliases.</summary>
/// <param name="Champion">The version that serves; null while none is registered.</param>
/// <param name="Before">Champions before it, oldest first, as far as they have not been rolled back.</param>
/// <param name="Challenger">Null when none is tried.</param>
/// <param name="Change">The last change, which led here; null before the first.</param>
public sealed record Aliases(int? Champion, IReadOnlyList<int> Before, Challenger? Challenger, RegistryChange? Change)
{
    public static Aliases None { get; } = new(null, [], null, null);

    /// <summary>The version becomes champion; as challenger it is done.</summary>
    public Aliases Promote(int version) => this with
    {
        Champion = version,
        Before = Champion is { } champion && champion != version ? [.. Before, champion] : Before,
        Challenger = Challenger?.Version == version ? null : Challenger,
    };

    /// <summary>Takes back the last step that let a version decide: ends a canary or an experiment, else brings the champion before back. Null when there is none.</summary>
    public Aliases? Rollback() => this switch
    {
        { Challenger: { Stage: not ChallengerStage.Shadow } } => this with { Challenger = null },
        { Before: [.., var last] } => this with { Champion = last, Before = [.. Before.SkipLast(1)] },
        _ => null,
    };

    public Aliases Try(Challenger? challenger) => this with { Challenger = challenger };
}

/// <summary>One line of <c>history.jsonl</c>.</summary>
/// <param name="Sequence">1 for a registry's first change, one more for each.</param>
/// <param name="What">What was done.</param>
/// <param name="From">The version that had the alias, or was the challenger; null for none.</param>
/// <param name="To">The version that has it now; null for none.</param>
/// <param name="Stage">The challenger's stage, where the change gave it one.</param>
/// <param name="Share">Its share, likewise.</param>
/// <param name="Forced">Whether a version was promoted that had not passed the gate.</param>
/// <param name="Figures">What the change was made on, by name; may be empty.</param>
public sealed record RegistryChange(
    long Sequence,
    DateTimeOffset At,
    string By,
    string Why,
    RegistryAct What,
    int? From,
    int? To,
    ChallengerStage? Stage,
    double? Share,
    bool Forced,
    SortedDictionary<string, double> Figures);

[JsonConverter(typeof(JsonStringEnumConverter<RegistryAct>))]
public enum RegistryAct
{
    /// <summary>A predictor came with the model and was taken in.</summary>
    TakeIn = 1,

    Promote = 2,

    /// <summary>The champion before came back.</summary>
    Rollback = 3,

    /// <summary>A version became challenger, or its stage changed.</summary>
    Try = 4,

    /// <summary>There is no challenger any more.</summary>
    EndTrial = 5,
}
