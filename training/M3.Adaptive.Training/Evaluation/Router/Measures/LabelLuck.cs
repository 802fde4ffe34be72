using M3.Adaptive.Core;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.Replay;
using M3.Adaptive.Training.Statistics;

namespace M3.Adaptive.Training.Evaluation.Router.Measures;

/// <summary>
/// How much of a label is luck: the same pictures saved in another format, where nothing that a person sees changes, answered again. A router that knew
/// these twins' labels is a ceiling for every router that knows no more than the picture shows.
/// </summary>
/// <param name="Items">Questions that both tables hold.</param>
/// <param name="Flips">By visual tokens: share of the items that are right in one table and wrong in the other.</param>
/// <param name="TwinOracle">Gap closed by taking the cheapest scale that is right for the twin, judged on the labels.</param>
public sealed record LabelLuck(int Items, IReadOnlyDictionary<string, Estimate> Flips, Estimate TwinOracle)
{
    /// <summary>Null when the tables have no question in common.</summary>
    public static LabelLuck? Of(LabelTable table, LabelTable twins, int draws = PictureResampling.DefaultDraws)
    {
        var twinOf = twins.Items.ToDictionary(Key);
        LabelItem[] items = [.. table.Items.Where(item => twinOf.ContainsKey(Key(item)))];
        if (items is []) return null;

        LabelItem[] doubles = [.. items.Select(item => twinOf[Key(item)])];
        var yardstick = new Yardstick(table with { Items = items }, draws);
        var router = yardstick.Measure(new OracleRouter(twins with { Items = doubles }, monotone: false));
        return new LabelLuck(
            items.Length,
            VisualScale.All.ToDictionary(scale => $"{scale}", scale =>
            {
                var flips = yardstick.Worlds.Mean(i => items[i].Outcomes[scale.Rung].Right != doubles[i].Outcomes[scale.Rung].Right ? 1 : 0);
                return yardstick.Worlds.Estimate(world => flips[world]);
            }),
            yardstick.Worlds.Estimate(world => yardstick.GapClosed(router, world, monotone: false)));
    }

    // Twins are named alike but for the ending.
    private static (string Id, string Picture, string Question) Key(LabelItem item) => (item.Id, Path.GetFileNameWithoutExtension(item.Image), item.Question);
}
