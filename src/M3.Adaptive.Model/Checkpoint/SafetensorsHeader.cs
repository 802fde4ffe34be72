using System.Text.Json;
using System.Text.Unicode;

namespace M3.Adaptive.Model.Checkpoint;

/// <summary>A tensor as a header states it: where in the data its bytes lie.</summary>
internal sealed record TensorEntry(string Name, TensorType Type, long[] Shape, long Begin, long End);

/// <summary>
/// Reads the JSON at the front of a safetensors file and trusts none of it: types, shapes, sizes and ranges must agree, and
/// the tensors must cover the data exactly, without gap or overlap.
/// </summary>
internal static class SafetensorsHeader
{
    private const string MetadataKey = "__metadata__";
    private const int MaxRank = 16;

    /// <summary>Entries in the order of their data.</summary>
    /// <exception cref="CheckpointException">The header is malformed or contradicts itself or the file's size.</exception>
    public static TensorEntry[] Parse(string path, ReadOnlySpan<byte> json, long dataBytes)
    {
        if (!Utf8.IsValid(json)) throw new CheckpointException(path, "the header is not UTF-8");
        var entries = new List<TensorEntry>();
        try
        {
            var reader = new Utf8JsonReader(json);
            Expect(ref reader, JsonTokenType.StartObject, "the header");
            var names = new HashSet<string>();
            while (Next(ref reader, "the header") == JsonTokenType.PropertyName)
            {
                var name = Text(ref reader);
                if (!names.Add(name)) throw new FormatException($"tensor {name} is listed twice");
                if (name == MetadataKey) SkipMetadata(ref reader);
                else entries.Add(ReadEntry(ref reader, name));
            }

            if (reader.Read()) throw new FormatException("the header goes on behind its closing brace");
        }
        catch (JsonException e)
        {
            throw new CheckpointException(path, $"the header is not JSON: {e.Message.TrimEnd('.')}", e);
        }
        catch (FormatException e)
        {
            throw new CheckpointException(path, e.Message, e);
        }

        entries.Sort((left, right) => (left.Begin, left.End).CompareTo((right.Begin, right.End)));
        CheckCover(path, entries, dataBytes);
        return [.. entries];
    }

    private static TensorEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        var what = $"tensor {name}";
        Expect(ref reader, JsonTokenType.StartObject, what);
        string? type = null;
        long[]? shape = null, offsets = null;
        var keys = new HashSet<string>();
        while (Next(ref reader, what) == JsonTokenType.PropertyName)
        {
            var key = Text(ref reader);
            if (!keys.Add(key)) throw new FormatException($"{what} states {key} twice");
            if (key == "dtype") type = ReadText(ref reader, $"{what}, dtype");
            else if (key == "shape") shape = ReadNumbers(ref reader, $"{what}, shape", MaxRank);
            else if (key == "data_offsets") offsets = ReadNumbers(ref reader, $"{what}, data_offsets", 2);
            else throw new FormatException($"{what} has the unknown key {key}: expected dtype, shape and data_offsets");
        }

        if (type is null || shape is null || offsets is not [var begin, var end])
            throw new FormatException($"{what} lacks one of dtype, shape and data_offsets (two numbers)");
        var known = TensorTypes.FromSafetensors(type) ?? throw new FormatException($"{what} has dtype {type}: expected F32, BF16, F16, I64 or U8");
        CheckSize(what, known, shape, begin, end);
        return new TensorEntry(name, known, shape, begin, end);
    }

    private static void CheckSize(string what, TensorType type, long[] shape, long begin, long end)
    {
        if (begin > end) throw new FormatException($"{what} ends at {end}, before it begins at {begin}");
        var bytes = (UInt128)type.Size();
        foreach (var extent in shape)
        {
            bytes *= (ulong)extent;
            if (bytes > long.MaxValue) throw new FormatException($"{what} has shape [{string.Join(", ", shape)}]: its size overflows");
        }

        if (bytes != (UInt128)(end - begin))
        {
            throw new FormatException(
                $"{what}, {type.SafetensorsName()} [{string.Join(", ", shape)}], takes {bytes} bytes, and data_offsets give it {end - begin}");
        }
    }

    private static void CheckCover(string path, List<TensorEntry> entries, long dataBytes)
    {
        var at = 0L;
        foreach (var entry in entries)
        {
            if (entry.Begin < at)
                throw new CheckpointException(path, $"tensor {entry.Name} begins at {entry.Begin} and overlaps the one that ends at {at}");
            if (entry.Begin > at)
                throw new CheckpointException(path, $"tensor {entry.Name} begins at {entry.Begin}: expected {at}, there must be no gap");
            at = entry.End;
        }

        if (at > dataBytes)
            throw new CheckpointException(path, $"the tensors end at byte {at} of the data, and the file holds {dataBytes}: it is cut");
        if (at < dataBytes) throw new CheckpointException(path, $"the tensors end at byte {at} of the data, and the file holds {dataBytes}");
    }

    private static void SkipMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, MetadataKey);
        while (Next(ref reader, MetadataKey) == JsonTokenType.PropertyName) Expect(ref reader, JsonTokenType.String, MetadataKey);
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string what, int most)
    {
        Expect(ref reader, JsonTokenType.StartArray, what);
        var numbers = new List<long>();
        while (Next(ref reader, what) != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw new FormatException($"{what}: expected whole numbers from 0 to {long.MaxValue}");
            numbers.Add(number);
            if (numbers.Count > most) throw new FormatException($"{what}: more than {most} numbers");
        }

        return [.. numbers];
    }

    private static string ReadText(ref Utf8JsonReader reader, string what)
    {
        Expect(ref reader, JsonTokenType.String, what);
        return Text(ref reader);
    }

    // Escapes may spell half of a surrogate pair, which is no text.
    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("a string in the header is no text", e);
        }
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader, string what) =>
        reader.Read() ? reader.TokenType : throw new FormatException($"{what} ends too early");

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        var found = Next(ref reader, what);
        if (found != type) throw new FormatException($"{what}: expected {type}, found {found}");
    }
}
