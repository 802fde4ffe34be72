using static TorchSharp.torch;

namespace M3.Adaptive.Model;

/// <summary>Keys and values of positions that come before those of a forward pass, per layer.</summary>
public interface IKeyValues
{
    /// <summary>Positions held.</summary>
    int Length { get; }

    /// <summary>Takes T new positions behind those held and returns all of them; <see cref="Advance"/> counts them once every layer has.</summary>
    /// <param name="layer">0 for the first block.</param>
    /// <param name="keys">[B, Hkv, T, D]</param>
    /// <param name="values">[B, Hkv, T, D]</param>
    /// <returns>[B, Hkv, Length + T, D] each</returns>
    (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values);

    /// <summary>Counts the positions of a pass that has gone through every layer.</summary>
    void Advance(long positions);
}
