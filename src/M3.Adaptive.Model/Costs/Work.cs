namespace M3.Adaptive.Model.Costs;

/// <summary>What a computation asks of the machine, counted from shapes alone.</summary>
/// <param name="Flops">Floating-point operations of matrix products and convolutions; a multiply-add counts two.</param>
/// <param name="Bytes">Least memory traffic: every weight read once a pass, cached keys and values read and written once.</param>
public readonly record struct Work(double Flops, double Bytes)
{
    public static Work operator +(Work left, Work right) => new(left.Flops + right.Flops, left.Bytes + right.Bytes);
}
