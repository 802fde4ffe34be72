namespace M3.Adaptive.Training.Replay;

/// <summary>A way to answer the items of one label table: the product's router, a baseline, an oracle. The same item gives the same path.</summary>
public interface IRouter
{
    /// <param name="item">Index into the table's items.</param>
    ScalePath Route(int item);
}
