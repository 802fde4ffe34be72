using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Rendered bytes to the tower's input: CLIP's normalisation, channels first.</summary>
internal static class Pixels
{
    private static readonly float[] Mean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] Deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <returns>[B, 3, S, S]</returns>
    public static Tensor Of(IReadOnlyList<byte[]> pictures, int side, ScalarType dtype, Device device)
    {
        var bytes = new byte[pictures.Count * side * side * 3];
        for (var b = 0; b < pictures.Count; b++) pictures[b].CopyTo(bytes, b * side * side * 3);
        var rgb = tensor(bytes).to(device).reshape(pictures.Count, side, side, 3).permute(0, 3, 1, 2).to(ScalarType.Float32);
        var mean = tensor(Mean).to(device).reshape(1, 3, 1, 1);
        var deviation = tensor(Deviation).to(device).reshape(1, 3, 1, 1);
        return ((rgb / 255 - mean) / deviation).contiguous().to(dtype);
    }
}
