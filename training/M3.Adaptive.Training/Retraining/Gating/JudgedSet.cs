using M3.Adaptive.Predictor;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;

namespace M3.Adaptive.Training.Retraining.Gating;

/// <summary>Labels to which neither champion nor challenger was fitted.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Tenants">Whose question each item is; empty where nobody's.</param>
public sealed record JudgedSet(string Name, LabelTable Table, IReadOnlyList<string> Tenants)
{
    public static JudgedSet Of(string name, LabelTable table) => new(name, table, [.. table.Items.Select(_ => "")]);
}

/// <summary>What champion and challenger say of the same items.</summary>
internal sealed record Duel(Forecasts Champion, Forecasts Challenger)
{
    public LabelTable Table => Champion.Table;

    public static Duel Of(LabelTable table, TrainedPredictor champion, TrainedPredictor challenger) => new(Forecasts.Of(table, champion), Forecasts.Of(table, challenger));

    public Duel Only(IReadOnlyList<int> items) => new(Only(Champion, items), Only(Challenger, items));

    private static Forecasts Only(Forecasts all, IReadOnlyList<int> items) => new(
        all.Table with { Items = [.. items.Select(i => all.Table.Items[i])] }, [.. items.Select(i => all.Before[i])], [.. items.Select(i => all.After[i])]);
}
