using System.Runtime.InteropServices;

namespace M3.Adaptive.Training.PredictorTraining.XGBoost;

/// <summary>The part of XGBoost's C API that training needs. Every function returns 0, or -1 with a message in XGBGetLastError.</summary>
internal static partial class NativeMethods
{
    private const string Library = "libxgboost.so.0";                         // Debian's libxgboost0

    [LibraryImport(Library)]
    internal static partial nint XGBGetLastError();

    [LibraryImport(Library)]
    internal static partial int XGDMatrixCreateFromMat(ReadOnlySpan<float> data, ulong rows, ulong columns, float missing, out nint matrix);

    [LibraryImport(Library)]
    internal static partial int XGDMatrixFree(nint matrix);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixSetFloatInfo(DMatrix matrix, string field, ReadOnlySpan<float> values, ulong count);

    [LibraryImport(Library)]
    internal static partial int XGBoosterCreate(ReadOnlySpan<nint> matrices, ulong count, out nint booster);

    [LibraryImport(Library)]
    internal static partial int XGBoosterFree(nint booster);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterSetParam(Booster booster, string name, string value);

    [LibraryImport(Library)]
    internal static partial int XGBoosterUpdateOneIter(Booster booster, int iteration, DMatrix matrix);

    [LibraryImport(Library)]
    internal static partial int XGBoosterPredict(
        Booster booster, DMatrix matrix, int options, uint trees, int training, out ulong count, out nint values);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterSaveModelToBuffer(Booster booster, string config, out ulong length, out nint bytes);

    [LibraryImport(Library)]
    internal static partial int XGBoosterLoadModelFromBuffer(Booster booster, ReadOnlySpan<byte> bytes, ulong length);

    /// <exception cref="XGBoostException">The call failed; the message is the library's, first line.</exception>
    internal static void Check(int status)
    {
        if (status == 0) return;
        var message = Marshal.PtrToStringUTF8(XGBGetLastError()) ?? "no message";
        throw new XGBoostException(message.Split('\n')[0]);
    }
}
