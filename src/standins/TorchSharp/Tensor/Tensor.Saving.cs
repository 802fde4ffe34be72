namespace TorchSharp;

/// <summary>Tensors in TorchSharp's own stream format: element type, sizes, raw bytes.</summary>
public static class TensorSaving
{
    public static void Save(this torch.Tensor tensor, BinaryWriter writer)
    {
        using var here = tensor.detach().to(torch.CPU, disposeAfter: true).contiguous();
        writer.Write7BitEncodedInt64((int)tensor.dtype);
        writer.Write7BitEncodedInt64(tensor.ndim);
        foreach (var size in tensor.shape) writer.Write7BitEncodedInt64(size);
        writer.Write(here.bytes);
    }

    /// <summary>Reads into a tensor of the same element type and sizes.</summary>
    /// <exception cref="ArgumentException">The stored tensor's type or sizes differ.</exception>
    public static void Load(this torch.Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var type = (torch.ScalarType)reader.Read7BitEncodedInt64();
        if (type != tensor.dtype) throw new ArgumentException($"Mismatched tensor data types while loading: {type}, expected {tensor.dtype}.");
        var rank = reader.Read7BitEncodedInt64();
        if (rank != tensor.ndim) throw new ArgumentException($"Mismatched tensor rank while loading: {rank}, expected {tensor.ndim}.");
        foreach (var size in tensor.shape)
            if (reader.Read7BitEncodedInt64() is var stored && stored != size)
                throw new ArgumentException($"Mismatched tensor shape while loading: {stored}, expected {size}.");
        using var recording = torch.no_grad();
        using var loaded = torch.empty(tensor.shape, type);
        reader.BaseStream.ReadExactly(loaded.bytes);
        if (!skip) tensor.copy_(loaded);
    }
}
