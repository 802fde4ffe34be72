namespace M3.Adaptive.Model.Checkpoint;

/// <summary>Element types that are read from safetensors files. The weights of a model are of one of the first three.</summary>
public enum TensorType
{
    Float32,
    BFloat16,
    Float16,
    Int64,
    UInt8,
}

/// <summary>What the formats call the types, and how large they are.</summary>
public static class TensorTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this TensorType type) => type switch
    {
        TensorType.Float32 => 4,
        TensorType.BFloat16 or TensorType.Float16 => 2,
        TensorType.Int64 => 8,
        TensorType.UInt8 => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a tensor type."),
    };

    /// <summary>The name in a safetensors header, for example <c>BF16</c>.</summary>
    public static string SafetensorsName(this TensorType type) => type switch
    {
        TensorType.Float32 => "F32",
        TensorType.BFloat16 => "BF16",
        TensorType.Float16 => "F16",
        TensorType.Int64 => "I64",
        TensorType.UInt8 => "U8",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a tensor type."),
    };

    /// <summary>Whether weights may be stored in it.</summary>
    public static bool IsFloat(this TensorType type) => type is TensorType.Float32 or TensorType.BFloat16 or TensorType.Float16;

    /// <summary>The type with this name in a safetensors header; null for one that is not read.</summary>
    public static TensorType? FromSafetensors(string name) => name switch
    {
        "F32" => TensorType.Float32,
        "BF16" => TensorType.BFloat16,
        "F16" => TensorType.Float16,
        "I64" => TensorType.Int64,
        "U8" => TensorType.UInt8,
        _ => null,
    };

    /// <summary>The name in <c>config.json</c>, for example <c>bfloat16</c>.</summary>
    public static string TorchName(this TensorType type) => type switch
    {
        TensorType.Float32 => "float32",
        TensorType.BFloat16 => "bfloat16",
        TensorType.Float16 => "float16",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Weights are float32, bfloat16 or float16."),
    };
}
