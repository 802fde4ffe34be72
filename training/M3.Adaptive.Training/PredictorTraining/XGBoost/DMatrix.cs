using System.Runtime.InteropServices;

namespace M3.Adaptive.Training.PredictorTraining.XGBoost;

/// <summary>Rows of features in XGBoost's memory, NaN where a value is missing, with their labels.</summary>
internal sealed class DMatrix : SafeHandle
{
    private DMatrix(nint handle, int rows, int columns)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        SetHandle(handle);
        (Rows, Columns) = (rows, columns);
    }

    public int Rows { get; }

    public int Columns { get; }

    public override bool IsInvalid => handle == 0;

    /// <param name="data">Row-major; copied.</param>
    /// <exception cref="ArgumentException"><paramref name="data"/> is no whole number of rows, or empty.</exception>
    public static DMatrix Of(ReadOnlySpan<float> data, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (data.IsEmpty || data.Length % columns != 0)
            throw new ArgumentException($"{data.Length} values are no whole rows of {columns}.", nameof(data));
        var rows = data.Length / columns;
        NativeMethods.Check(NativeMethods.XGDMatrixCreateFromMat(data, (ulong)rows, (ulong)columns, float.NaN, out var handle));
        return new DMatrix(handle, rows, columns);
    }

    public static DMatrix Of(ReadOnlySpan<float> data, int columns, ReadOnlySpan<float> labels)
    {
        var matrix = Of(data, columns);
        if (labels.Length != matrix.Rows)
        {
            matrix.Dispose();
            throw new ArgumentException($"{labels.Length} labels for {matrix.Rows} rows.", nameof(labels));
        }

        NativeMethods.Check(NativeMethods.XGDMatrixSetFloatInfo(matrix, "label", labels, (ulong)labels.Length));
        return matrix;
    }

    protected override bool ReleaseHandle() => NativeMethods.XGDMatrixFree(handle) == 0;
}
