namespace M3.Adaptive.Model;

/// <summary>In which type a model's weights are kept in memory.</summary>
public enum WeightStorage
{
    /// <summary>float32, whatever the checkpoint has.</summary>
    Float32,

    /// <summary>bfloat16, whatever the checkpoint has: half the memory, eight bits of precision.</summary>
    BFloat16,

    /// <summary>bfloat16 where the checkpoint stores half precision (of float16 three bits are lost), else float32.</summary>
    AsStored,
}
