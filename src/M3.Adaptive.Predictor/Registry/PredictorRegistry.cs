using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Artifact;

namespace M3.Adaptive.Predictor.Registry;

/// <summary>
/// The predictors of one model, and which of them serve: immutable versions, the aliases champion and challenger, and a history of every change. It lies in files, which
/// several processes share: each change is made under a lock, counts as a whole or not at all, and is seen by whoever reads the aliases next. Safe for concurrent use.
/// </summary>
public sealed class PredictorRegistry
{
    private readonly RegistryFiles _files;
    private readonly ModelIdentity _model;
    private readonly TimeProvider _clock;

    private PredictorRegistry(RegistryFiles files, ModelIdentity model, TimeProvider clock) => (_files, _model, _clock) = (files, model, clock);

    /// <summary>The registry of a model. Nothing is read or written yet.</summary>
    /// <param name="stateFolder">Where run-time state lies; the registry is <c>predictors/MODELHASH</c> in it.</param>
    public static PredictorRegistry Open(string stateFolder, ModelIdentity model, TimeProvider clock) =>
        new(new RegistryFiles(Path.Combine(stateFolder, "predictors", model.Hash)), model, clock);

    /// <summary>Where it lies.</summary>
    public string Folder => _files.Folder;

    /// <summary>The predictors' model.</summary>
    public ModelIdentity Model => _model;

    /// <summary>Hashes, shortened, of further models that have a registry beside this one.</summary>
    public IReadOnlyList<string> Others => Path.GetDirectoryName(Folder) is { } all && Directory.Exists(all)
        ? [.. Directory.EnumerateDirectories(all).Select(static path => Path.GetFileName(path)).Where(hash => hash != _model.Hash).Select(static hash => hash[..Math.Min(12, hash.Length)]).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Which versions serve now.</summary>
    /// <exception cref="RegistryException">The file of aliases is damaged.</exception>
    public Aliases Aliases() => _files.ReadAliases();

    /// <summary>Every change, oldest first.</summary>
    /// <exception cref="RegistryException">The history is damaged.</exception>
    public IReadOnlyList<RegistryChange> History() => _files.ReadHistory();

    /// <summary>Every version, oldest first; a damaged one with its fault.</summary>
    public IReadOnlyList<RegisteredVersion> List() => [.. _files.Numbers().Select(Read)];

    /// <summary>One version.</summary>
    /// <exception cref="RegistryException">There is none of that number.</exception>
    public RegisteredVersion Get(int number) => Read(Require(number));

    /// <summary>Loads a version for serving: every byte of it is checked.</summary>
    /// <exception cref="RegistryException">There is none of that number, or it is damaged or for another model; the message names it.</exception>
    public TrainedPredictor Load(int number)
    {
        try
        {
            return TrainedPredictor.Load(_files.FolderOf(Require(number)), _model.Hash);
        }
        catch (Exception fault) when (IsOfVersion(fault))
        {
            throw Unusable(number, fault);
        }
    }

    /// <summary>
    /// Takes the predictor of the model's own folder in, unless this very one is there already: as version 1 of an empty registry, else as a further one. It becomes
    /// champion where there is none, or where the champion came with the model, too, so that a newer one that comes with it takes over.
    /// </summary>
    /// <returns>Its number.</returns>
    /// <exception cref="PredictorException">The folder holds no usable predictor for this model; nothing was taken in.</exception>
    /// <exception cref="RegistryException">The registry cannot be written.</exception>
    public int TakeIn(string folder, string by, CancellationToken cancellation = default)
    {
        var artifact = PredictorArtifact.Load(folder);
        TrainedPredictor.RequireFit(artifact, _model.Hash);
        using var held = _files.Lock(cancellation);
        var aliases = _files.ReadAliases();
        var known = List().FirstOrDefault(version => version.Origin is { CameWithModel: true } && version.Predictor?.Version == artifact.Version && version.Fault is null)?.Number;
        var number = known ?? _files.Add_NeedsLock(Verified(artifact), new VersionOrigin(by, _clock.GetUtcNow(), "came with the model", Parent: null, [], Gate: null, CameWithModel: true));
        // One that is known already stays where it was put, also where it was taken back.
        var follows = aliases.Champion is not { } champion || (known is null && Read(champion).Origin is { CameWithModel: true });
        if (follows) Change_NeedsLock(aliases, aliases.Promote(number), RegistryAct.TakeIn, aliases.Champion, number, by, "came with the model", []);
        return number;
    }

    /// <summary>Registers a version; it serves nowhere yet.</summary>
    /// <param name="folder">As <see cref="PredictorArtifact.Save"/> writes it; it is copied.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="PredictorException">The folder holds no usable predictor for this model; nothing was registered.</exception>
    /// <exception cref="RegistryException">The registry cannot be written.</exception>
    public int Add(string folder, VersionOrigin origin, CancellationToken cancellation = default)
    {
        var artifact = Verified(PredictorArtifact.Load(folder));
        using var held = _files.Lock(cancellation);
        return _files.Add_NeedsLock(artifact, origin);
    }

    /// <summary>Makes a version champion: a running service takes it within a second.</summary>
    /// <param name="by">Who wants it.</param>
    /// <param name="why">For the history. Required where the gate is overruled.</param>
    /// <param name="force">Promotes a version, too, that has not passed the gate.</param>
    /// <param name="figures">What it was decided on, for the history.</param>
    /// <exception cref="RegistryException">There is none of that number, it is unusable, has not passed the gate, or is champion already; nothing was changed.</exception>
    public RegistryChange Promote(
        int number, string by, string why, bool force = false, SortedDictionary<string, double>? figures = null, CancellationToken cancellation = default)
    {
        RequireUsable(number);
        var gateFault = Get(number).Origin?.GateFault;
        if (gateFault is not null && !force)
        {
            throw new RegistryException(
                RegistryFault.GateNotPassed, $"Version {number} may not become champion: {gateFault}. Retrain, or overrule the gate and say why.");
        }

        if (gateFault is not null && string.IsNullOrWhiteSpace(why))
            throw new RegistryException(RegistryFault.Invalid, $"Version {number} has not passed the gate: say why it is to be promoted all the same.");
        return Change(
            aliases => aliases.Champion == number
                ? throw new RegistryException(RegistryFault.Invalid, $"Version {number} is the champion already.")
                : (aliases.Promote(number), RegistryAct.Promote, aliases.Champion, number),
            by, why, figures, cancellation, forced: gateFault is not null);
    }

    /// <summary>Takes back the last step that let a version decide: a canary or an experiment ends, else the champion before comes back.</summary>
    /// <exception cref="RegistryException">There is nothing to take back, or the version before is unusable; nothing was changed.</exception>
    public RegistryChange Rollback(string by, string why, SortedDictionary<string, double>? figures = null, CancellationToken cancellation = default) => Change(
        aliases =>
        {
            var after = aliases.Rollback()
                ?? throw new RegistryException(RegistryFault.NothingToRollBack, "There is nothing to roll back: no canary runs, and no champion was before this one.");
            if (after.Champion == aliases.Champion) return (after, RegistryAct.EndTrial, aliases.Challenger?.Version, null);
            if (after.Champion is { } champion) RequireUsable(champion);
            return (after, RegistryAct.Rollback, aliases.Champion, after.Champion);
        },
        by, why, figures, cancellation);

    /// <summary>Makes a version challenger, or changes what it may do.</summary>
    /// <param name="share">Share of the requests that it decides for; 0 as a shadow, else above 0 and below 1.</param>
    /// <exception cref="RegistryException">
    /// There is none of that number, it is unusable, is the champion, or is to decide for requests without having passed the gate; nothing was changed.
    /// </exception>
    public RegistryChange SetChallenger(
        int number, ChallengerStage stage, double share, string by, string why, bool force = false, CancellationToken cancellation = default)
    {
        if (stage == ChallengerStage.Shadow ? share != 0 : !Challenger.IsShare(share))
            throw new RegistryException(RegistryFault.Invalid, FormattableString.Invariant($"A {stage} cannot decide for a share of {share} of the requests: expected above 0 and below 1, or 0 as a shadow."));
        RequireUsable(number);
        var gateFault = stage == ChallengerStage.Shadow ? null : Get(number).Origin?.GateFault;
        if (gateFault is not null && (!force || string.IsNullOrWhiteSpace(why)))
        {
            throw new RegistryException(
                RegistryFault.GateNotPassed, $"Version {number} may not decide for requests: {gateFault}. Try it as a shadow, or overrule the gate and say why.");
        }

        return Change(
            aliases => aliases.Champion == number
                ? throw new RegistryException(RegistryFault.Invalid, $"Version {number} is the champion, so it cannot challenge it.")
                : (aliases.Try(new Challenger(number, stage, share, _clock.GetUtcNow())), RegistryAct.Try, aliases.Challenger?.Version, number),
            by, why, figures: null, cancellation, forced: gateFault is not null);
    }

    /// <summary>Ends the trial of the challenger.</summary>
    /// <param name="only">The version whose trial is meant; null for whichever is tried.</param>
    /// <exception cref="RegistryException">There is none, or another one; nothing was changed.</exception>
    public RegistryChange EndTrial(string by, string why, int? only = null, SortedDictionary<string, double>? figures = null, CancellationToken cancellation = default) => Change(
        aliases => aliases.Challenger is { } challenger && (only ?? challenger.Version) == challenger.Version
            ? (aliases.Try(null), RegistryAct.EndTrial, challenger.Version, null)
            : throw new RegistryException(RegistryFault.Invalid, "There is no challenger whose trial could end."),
        by, why, figures, cancellation);

    private RegistryChange Change(
        Func<Aliases, (Aliases After, RegistryAct What, int? From, int? To)> step, string by, string why, SortedDictionary<string, double>? figures,
        CancellationToken cancellation, bool forced = false)
    {
        using var held = _files.Lock(cancellation);
        var before = _files.ReadAliases();
        var (after, what, from, to) = step(before);
        return Change_NeedsLock(before, after, what, from, to, by, why, figures ?? [], forced);
    }

    private RegistryChange Change_NeedsLock(
        Aliases before, Aliases after, RegistryAct what, int? from, int? to, string by, string why, SortedDictionary<string, double> figures, bool forced = false)
    {
        _files.CatchUp_NeedsLock(before);
        var trial = what == RegistryAct.Try ? after.Challenger : null;
        var change = new RegistryChange(
            (before.Change?.Sequence ?? 0) + 1, _clock.GetUtcNow(), by, why, what, from, to, trial?.Stage, trial?.Share, forced, figures);
        _files.Write_NeedsLock(after with { Change = change });
        return change;
    }

    private int Require(int number) => _files.Numbers().Contains(number)
        ? number
        : throw new RegistryException(RegistryFault.NoSuchVersion, $"There is no version {number} of a predictor for {_model.Version}: ./m3 predictor list shows all.");

    private PredictorArtifact Verified(PredictorArtifact artifact)
    {
        _ = new TrainedPredictor(artifact, _model.Hash);
        return artifact;
    }

    // Its heads were read when it was registered, and the hashes say that nothing has changed since.
    private void RequireUsable(int number)
    {
        try
        {
            TrainedPredictor.RequireFit(PredictorArtifact.Load(_files.FolderOf(Require(number))), _model.Hash);
        }
        catch (Exception fault) when (IsOfVersion(fault))
        {
            throw Unusable(number, fault);
        }
    }

    private static bool IsOfVersion(Exception fault) => fault is PredictorException or IOException or UnauthorizedAccessException;

    private static RegistryException Unusable(int number, Exception fault) => new(RegistryFault.Unusable, $"Version {number} cannot be used: {fault.Message}", fault);

    private RegisteredVersion Read(int number)
    {
        var folder = _files.FolderOf(number);
        VersionOrigin? origin = null;
        try
        {
            origin = _files.ReadOrigin(number);
            var artifact = PredictorArtifact.Load(folder);
            return new(number, folder, origin, new(artifact.Version, artifact.Manifest.Training, artifact.Manifest.TrainedAt, artifact.Prices()), Fault: null);
        }
        catch (Exception fault) when (IsOfVersion(fault))
        {
            return new(number, folder, origin, Predictor: null, fault.Message);
        }
    }
}
