using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Routing;

namespace M3.Adaptive.Service.Predicting;

/// <summary>
/// Serves what the registry's aliases name. A change, whoever made it, counts for requests that begin after <see cref="Refresh"/>; those that run finish with the
/// predictor that they began with. What does not load leaves what served before, and says so.
/// </summary>
/// <param name="registry">Null where a setting names the predictor's folder.</param>
/// <param name="folder">The predictor that the setting names, or that of the model's own folder.</param>
/// <param name="modelHash">The model that predictors must have been trained for.</param>
internal sealed class PredictorRoster(
    PredictorRegistry? registry, string folder, string modelHash, RoutingOptions routing, TimeProvider clock, ILogger<PredictorRoster> logger) : IPredictorRoster
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _refreshing = new();
    private readonly Dictionary<int, TrainedPredictor> _loaded = [];
    private ServedPredictors? _served;
    private long? _sequence;                                                   // of the change that is served, or could not be
    private DateTimeOffset _retryAt = DateTimeOffset.MaxValue;
    private string? _startFault;

    public PredictorRegistry? Registry => registry;

    /// <summary>Whether traffic is like what predictors were fitted to; while it is not, replies promise no risk.</summary>
    public Func<bool> IsAtHome { get; init; } = static () => true;

    public ServedPredictors Served => Volatile.Read(ref _served) ?? throw new InvalidOperationException("Not begun yet.");

    public IScalePredictor Champion => Served.Champion.Scales;

    public bool IsGuaranteed => IsAtHome();

    public PredictorTurn TurnOf(string tenant, string? requestId) => Served.TurnOf(tenant, requestId ?? $"{Guid.NewGuid():N}") with { IsGuaranteed = IsGuaranteed };

    /// <summary>Loads what is to serve.</summary>
    /// <param name="takeIn">Whether the predictor of the model's own folder may be taken into the registry; else nothing is written.</param>
    public void Begin(bool takeIn)
    {
        var notTakenIn = registry is not null && takeIn ? TakeIn(registry) : null;
        Refresh();
        lock (_refreshing)
        {
            if (_served is not null)
            {
                if (notTakenIn is not null) ServiceLog.PredictorNotTakenIn(logger, notTakenIn);
                return;
            }

            Serve(new ServedPredictors(LoadedPredictor.Open(folder, modelHash, routing, logger), null, null, null));
            if (_startFault is { } fault) Fail(fault);
        }
    }

    /// <summary>Serves what the aliases name now.</summary>
    public void Refresh()
    {
        if (registry is null) return;
        lock (_refreshing)
        {
            try
            {
                var aliases = registry.Aliases();
                var sequence = aliases.Change?.Sequence;
                if (aliases.Champion is null || (sequence == _sequence && clock.GetUtcNow() < _retryAt)) return;
                _sequence = sequence;
                Follow(aliases);
                _retryAt = DateTimeOffset.MaxValue;
            }
            catch (RegistryException fault)
            {
                Fail(fault.Message);
            }
        }
    }

    /// <summary>Has the champion before ready, so that a rollback need not load it.</summary>
    public void PrepareRollback()
    {
        if (registry is null) return;
        lock (_refreshing)
        {
            try
            {
                if (registry.Aliases() is { Before: [.., var before] } && !_loaded.ContainsKey(before)) _loaded[before] = registry.Load(before);
            }
            catch (RegistryException)
            {
                // Whoever rolls back to it is told; until then nobody needs it.
            }
        }
    }

    private void Follow(Aliases aliases)
    {
        var champion = Load(aliases.Champion ?? 0);
        var challenger = aliases.Challenger is { } trial ? Load(trial.Version) : null;
        int[] kept = [champion.Number ?? 0, challenger?.Number ?? 0, aliases.Before is [.., var before] ? before : 0];
        foreach (var gone in _loaded.Keys.Except(kept).ToArray()) _loaded.Remove(gone);
        if (_served?.Champion.UsableVersion != champion.UsableVersion) LoadedPredictor.WarnOfMissingGuarantee(champion.Scales, routing, logger);
        if (_served is not null && aliases.Change is { } change)
        {
            var (serving, tried) = (Describe(champion), aliases.Challenger is { } stage ? $"{Describe(challenger)} as {stage.Stage}" : "none");
            ServiceLog.PredictorChanged(logger, serving, tried, change.By, change.Why);
        }

        Serve(new ServedPredictors(champion, challenger, aliases.Challenger, Fault: null));
    }

    private void Fail(string fault)
    {
        _retryAt = clock.GetUtcNow() + RetryAfter;
        if (_served is null) _startFault = fault;                              // the predictor of the model's own folder is tried first
        if (_served is null || _served.Fault == fault) return;
        ServiceLog.PredictorNotChanged(logger, Describe(_served.Champion), fault);
        Serve(_served with { Fault = fault });
    }

    private ServedVersion Load(int number)
    {
        if (!_loaded.TryGetValue(number, out var predictor)) _loaded[number] = predictor = (registry ?? throw new InvalidOperationException("There is no registry.")).Load(number);
        return new ServedVersion(number, predictor);
    }

    /// <returns>Why the predictor of the model's own folder is not in the registry; null when it is.</returns>
    private string? TakeIn(PredictorRegistry own)
    {
        try
        {
            if (!Directory.Exists(own.Folder) && own.Others is [_, ..] others) ServiceLog.OtherModelsPredictors(logger, own.Model.Version, string.Join(", ", others));
            own.TakeIn(folder, "m3");
            return null;
        }
        catch (Exception fault) when (fault is PredictorException or RegistryException)
        {
            return fault.Message;
        }
    }

    private void Serve(ServedPredictors served) => Volatile.Write(ref _served, served);

    private static string Describe(ServedVersion? version) => version switch
    {
        null => "none",
        { Number: { } number } => $"{number} ({version.UsableVersion})",
        _ => version.UsableVersion ?? "none",
    };
}
