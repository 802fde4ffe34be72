using FsCheck.Xunit;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Tests.Decision;

[Properties(Arbitrary = [typeof(Situations)], MaxTest = 3000)]
public sealed class ScaleWorthLaws
{
    private const double Rounding = 1e-9;

    [Property]
    public bool Weigh_HigherPrice_NeverPlansToSpendMore(Outlook outlook, Fraction factor)
    {
        var dearer = outlook with { Price = outlook.Price with { PerUnit = outlook.Price.PerUnit * (1 + 10 * factor.Value) + 1e-9 } };
        var (cheap, dear) = (outlook.Price.Amount(Best(outlook).Planned), outlook.Price.Amount(Best(dearer).Planned));
        return dear <= cheap + Rounding * (1 + cheap);
    }

    [Property]
    public bool Weigh_AScaleLess_IsNeverWorthMore(Outlook outlook) =>
        outlook.Scales.Count < 2 || outlook.Scales.All(gone => Best(outlook with { Scales = [.. outlook.Scales.Where(scale => scale != gone)] }).Value <= Best(outlook).Value + Rounding);

    [Property]
    public bool Weigh_FewerRuns_AreNeverWorthMore(Outlook outlook) => Best(outlook with { Runs = 1 }).Value <= Best(outlook).Value + Rounding;

    [Property]
    public bool Weigh_LessAllowed_IsNeverWorthMore(Outlook outlook) =>
        Best(outlook).Value <= Best(outlook with { Allowance = Allowance.Unlimited }).Value + Rounding;

    [Property]
    public bool Weigh_Free_IsWorthNoMoreThanCertainty(Outlook outlook) => Best(outlook with { Price = Price.Free }).Value <= 1 + Rounding;

    [Property]
    public bool Weigh_SameOutlook_GivesTheSame(Outlook outlook) => ScaleWorth.Weigh(outlook).SequenceEqual(ScaleWorth.Weigh(outlook));

    [Property]
    public bool Weigh_Always_NamesEveryScaleOnceAndTheAnswerInHandFirst(Outlook outlook)
    {
        var named = ScaleWorth.Weigh(outlook).Select(option => option.Scale);
        VisualScale?[] expected = [.. outlook.InHand is null ? (VisualScale?[])[] : [null], .. outlook.Scales.Select(scale => (VisualScale?)scale)];
        return named.SequenceEqual(expected);
    }

    private static ScaleOption Best(Outlook outlook) => ScaleWorth.Best(ScaleWorth.Weigh(outlook));
}
