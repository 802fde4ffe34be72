using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>
/// What predictors and decisions are bound to: SHA-256 over the configuration as <see cref="ModelConfigWriter"/> writes it
/// (but for how questions are spelt), the preprocessor's, the tokenizer's bytes, and each tensor's canonical name, type, shape and bytes in the order of names. Splitting
/// the weights into shards or renaming them into the other key style changes nothing; one other bit in a weight changes it.
/// </summary>
public static class ModelHash
{
    private const int WindowBytes = 1 << 22;

    /// <summary>Lower-case hexadecimal digits, 64 of them.</summary>
    public static string Of(CheckpointFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, ModelConfigWriter.ToJson(folder.Config with { LowercaseQuestions = false }));
        Append(hash, PreprocessorConfigWriter.ToJson(folder.Preprocessor));
        Append(hash, File.ReadAllBytes(Path.Combine(folder.Path, CheckpointFolder.TokenizerFile)));
        foreach (var (name, tensor) in folder.Tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal))
        {
            Append(hash, Encoding.UTF8.GetBytes($"{name} {tensor.Description}"));
            for (long at = 0; at < tensor.ByteCount; at += WindowBytes)
            {
                using var mapped = tensor.Map(at, (int)Math.Min(WindowBytes, tensor.ByteCount - at));
                hash.AppendData(mapped.Bytes);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Length first, so that no two different lists of parts give the same bytes.
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
