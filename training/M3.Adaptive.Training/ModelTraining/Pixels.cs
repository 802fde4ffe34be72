using M3.Adaptive.Model.Imaging;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Rendered bytes to the tower's input: CLIP's normalisation, channels first.</summary>
internal static class Pixels
{
    /// <returns>[B, 3, S, S]</returns>
    public static Tensor Of(IReadOnlyList<byte[]> pictures, int side, ScalarType dtype, Device device)
    {
        var bytes = new byte[pictures.Count * side * side * 3];
        for (var b = 0; b < pictures.Count; b++) pictures[b].CopyTo(bytes, b * side * side * 3);
        var rgb = tensor(bytes).to(device).reshape(pictures.Count, side, side, 3).permute(0, 3, 1, 2).to(ScalarType.Float32);
        var clip = PreprocessorConfig.Clip336;
        return ((rgb * clip.RescaleFactor - PerChannel(clip.Mean)) / PerChannel(clip.Deviation)).contiguous().to(dtype);

        Tensor PerChannel(double[] values) => tensor(values.Select(value => (float)value).ToArray()).to(device).reshape(1, 3, 1, 1);
    }
}
