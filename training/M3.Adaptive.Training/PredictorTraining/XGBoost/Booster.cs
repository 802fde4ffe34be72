using System.Runtime.InteropServices;

namespace M3.Adaptive.Training.PredictorTraining.XGBoost;

/// <summary>One XGBoost model. Not safe for concurrent use.</summary>
internal sealed class Booster : SafeHandle
{
    private Booster(nint handle)
        : base(invalidHandleValue: 0, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == 0;

    /// <summary>Fits trees to the labels of <paramref name="matrix"/>. The same input and seed give the same model.</summary>
    /// <param name="parameters">XGBoost's own names, for example <c>max_depth</c>.</param>
    public static Booster Train(
        DMatrix matrix, IEnumerable<KeyValuePair<string, string>> parameters, int rounds, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        var booster = Create([matrix.DangerousGetHandle()]);
        try
        {
            foreach (var (name, value) in parameters) NativeMethods.Check(NativeMethods.XGBoosterSetParam(booster, name, value));
            for (var round = 0; round < rounds; round++)
            {
                cancellation.ThrowIfCancellationRequested();
                NativeMethods.Check(NativeMethods.XGBoosterUpdateOneIter(booster, round, matrix));
            }
        }
        catch
        {
            booster.Dispose();
            throw;
        }

        GC.KeepAlive(matrix);                                                 // its raw handle was passed above
        return booster;
    }

    /// <exception cref="XGBoostException">The bytes are no model.</exception>
    public static Booster Load(ReadOnlySpan<byte> json)
    {
        var booster = Create([]);
        try
        {
            NativeMethods.Check(NativeMethods.XGBoosterLoadModelFromBuffer(booster, json, (ulong)json.Length));
            return booster;
        }
        catch
        {
            booster.Dispose();
            throw;
        }
    }

    /// <summary>The model in XGBoost's JSON format.</summary>
    public byte[] SaveJson()
    {
        NativeMethods.Check(NativeMethods.XGBoosterSaveModelToBuffer(this, """{"format":"json"}""", out var length, out var bytes));
        var copy = new byte[checked((int)length)];                            // the buffer belongs to the booster
        Marshal.Copy(bytes, copy, 0, copy.Length);
        return copy;
    }

    /// <summary>One probability for each row.</summary>
    public float[] Predict(DMatrix matrix)
    {
        NativeMethods.Check(NativeMethods.XGBoosterPredict(this, matrix, options: 0, trees: 0, training: 0, out var count, out var values));
        var copy = new float[checked((int)count)];
        Marshal.Copy(values, copy, 0, copy.Length);
        return copy;
    }

    protected override bool ReleaseHandle() => NativeMethods.XGBoosterFree(handle) == 0;

    private static Booster Create(ReadOnlySpan<nint> matrices)
    {
        NativeMethods.Check(NativeMethods.XGBoosterCreate(matrices, (ulong)matrices.Length, out var handle));
        return new Booster(handle);
    }
}
