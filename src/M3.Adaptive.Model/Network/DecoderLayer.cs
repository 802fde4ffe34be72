using static TorchSharp.torch;

namespace M3.Adaptive.Model.Network;

/// <summary>The weights of one decoder block, for arithmetic outside the network's own classes. They stay the network's.</summary>
/// <param name="InputNorm">[C]</param>
/// <param name="Query">[H * D, C]</param>
/// <param name="Key">[Hkv * D, C]</param>
/// <param name="Value">[Hkv * D, C]</param>
/// <param name="Output">[C, H * D]</param>
/// <param name="PostNorm">[C]</param>
/// <param name="Gate">[F, C]</param>
/// <param name="Up">[F, C]</param>
/// <param name="Down">[C, F]</param>
public sealed record DecoderLayer(
    Tensor InputNorm, Tensor Query, Tensor Key, Tensor Value, Tensor Output, Tensor PostNorm, Tensor Gate, Tensor Up, Tensor Down);
