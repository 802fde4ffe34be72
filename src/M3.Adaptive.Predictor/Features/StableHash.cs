using System.Text;

namespace M3.Adaptive.Predictor.Features;

/// <summary>Hashes by FNV-1a with the finalizer of MurmurHash3: the same text gives the same number on every machine and in every run.</summary>
public static class StableHash
{
    public static uint Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var value in bytes) hash = (hash ^ value) * 16777619u;
        return Mix(hash);
    }

    /// <summary>Spreads every bit of the input over all bits of the result.</summary>
    public static uint Mix(uint value)
    {
        value = (value ^ (value >> 16)) * 0x85EBCA6Bu;
        value = (value ^ (value >> 13)) * 0xC2B2AE35u;
        return value ^ (value >> 16);
    }
}
