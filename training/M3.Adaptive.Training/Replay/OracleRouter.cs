using M3.Adaptive.Training.OracleLabelling;

namespace M3.Adaptive.Training.Replay;

/// <summary>Knows the answers and takes the cheapest scale that is right, or (monotone) that is right and stays so.</summary>
public sealed class OracleRouter(LabelTable table, bool monotone) : IRouter
{
    public ScalePath Route(int item) => ScalePath.Of(monotone ? Oracle.MonotoneScale(table.Items[item]) : Oracle.Scale(table.Items[item]));
}
