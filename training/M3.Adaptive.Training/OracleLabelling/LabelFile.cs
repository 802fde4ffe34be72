using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Features;

namespace M3.Adaptive.Training.OracleLabelling;

/// <summary>
/// Label tables as gzipped JSON lines (<c>SPLIT.jsonl.gz</c>), about 200 bytes an item. The same table gives the same bytes.
/// </summary>
public static class LabelFile
{
    /// <summary>Name of a split's file inside a folder of labels.</summary>
    public static string NameOf(string split) => $"{split}.jsonl.gz";

    /// <summary>Whether a table may be written here: there is nothing yet, or a label table of whatever format, which is then replaced.</summary>
    /// <exception cref="PredictorException">Something else is there; the message names it.</exception>
    public static void CheckReplaceable(string path)
    {
        if (Directory.Exists(path)) throw new PredictorException($"{path} is a folder: name another split or another --out.");
        if (!File.Exists(path) || StartsLikeOne(path)) return;
        throw new PredictorException($"{path} is no label table and would be replaced: name another split or another --out, or move it away.");
    }

    /// <summary>Writes the whole table, making its folder if need be, or leaves the file as it was.</summary>
    /// <exception cref="PredictorException">What is there is no label table; nothing was written.</exception>
    public static void Save(LabelTable table, string path)
    {
        CheckReplaceable(path);
        OutputFolder.Fill(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", () => Replace(table, path));
    }

    private static void Replace(LabelTable table, string path)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}.unfinished";
        try
        {
            Write(table, unfinished);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);                                             // not there any more once moved
        }
    }

    private static void Write(LabelTable table, string path)
    {
        using var zip = new GZipStream(File.Create(path), CompressionLevel.SmallestSize);
        foreach (var line in Lines(table))
        {
            zip.Write(JsonSerializer.SerializeToUtf8Bytes(line, LabelJson.Default.LabelLine));
            zip.WriteByte((byte)'\n');
        }
    }

    // The first line tells its kind, also in tables that were cut or have another format.
    private static bool StartsLikeOne(string path)
    {
        try
        {
            using var zip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var reader = new StreamReader(zip, Encoding.UTF8);
            return JsonSerializer.Deserialize(reader.ReadLine() ?? "", LabelJson.Default.LabelLine) is HeaderLine;
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>SHA-256 of the table's content, lower-case hexadecimal: that of the unpacked file.</summary>
    public static string Hash(LabelTable table)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in Lines(table)) hash.AppendData([.. JsonSerializer.SerializeToUtf8Bytes(line, LabelJson.Default.LabelLine), (byte)'\n']);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <exception cref="PredictorException">The file is missing, damaged or of another format; names the line.</exception>
    public static LabelTable Load(string path)
    {
        if (!File.Exists(path)) throw new PredictorException($"{path} does not exist: make it with the label command.");
        var number = 0;
        try
        {
            using var file = File.OpenRead(path);
            using var zip = new GZipStream(file, CompressionMode.Decompress);
            using var reader = new StreamReader(zip, Encoding.UTF8);
            var builder = new Builder();
            while (reader.ReadLine() is { } text)
            {
                number++;
                builder.Add(JsonSerializer.Deserialize(text, LabelJson.Default.LabelLine) ?? throw new FormatException("it is null"));
            }

            return builder.Build();
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidDataException or NotSupportedException)
        {
            throw new PredictorException($"{path}, line {number}: {exception.Message.TrimEnd('.')}. Make the labels again.", exception);
        }
    }

    private static IEnumerable<LabelLine> Lines(LabelTable table)
    {
        yield return HeaderLine.Of(table.Header);
        var written = new HashSet<string>();
        foreach (var item in table.Items)
        {
            if (written.Add(item.Image)) yield return ImageLine.Of(item.Image, table.ImageFeatures[item.Image]);
            yield return ItemLine.Of(item);
        }

        yield return new EndLine(table.Items.Count);
    }

    private sealed class Builder
    {
        private readonly Dictionary<string, float[]> _images = [];
        private readonly List<LabelItem> _items = [];
        private readonly HashSet<string> _ids = [];
        private LabelHeader? _header;
        private bool _ended;

        public void Add(LabelLine line)
        {
            if (_ended) throw new FormatException("something follows the end");
            if (line is HeaderLine == _header is not null) throw new FormatException(_header is null ? "the header is missing" : "a second header");
            switch (line)
            {
                case HeaderLine { Format: not HeaderLine.CurrentFormat } other:
                    throw new FormatException($"it is label format {other.Format}; expected {HeaderLine.CurrentFormat}");
                case HeaderLine { Features: not PredictorFeatures.Version } other:
                    throw new FormatException($"it holds features of version {other.Features}; this program uses {PredictorFeatures.Version}");
                case HeaderLine header:
                    _header = new LabelHeader(header.Split, new ModelIdentity(header.ModelName, header.ModelHash));
                    break;
                case ImageLine image:
                    if (!_images.TryAdd(image.Image, image.ToFeatures()))
                        throw new FormatException($"image {image.Image} is there twice");
                    break;
                case ItemLine item:
                    if (!_ids.Add(item.Id)) throw new FormatException($"item {item.Id} is there twice");
                    if (!_images.ContainsKey(item.Image)) throw new FormatException($"item {item.Id} comes before its image {item.Image}");
                    _items.Add(item.ToItem());
                    break;
                case EndLine end:
                    _ended = end.Items == _items.Count ? true : throw new FormatException($"{_items.Count} items; the end says {end.Items}");
                    break;
                default:
                    throw new FormatException("it is a line of a journal, not of a finished table");
            }
        }

        public LabelTable Build() => _header is not null && _ended
            ? new(_header, _images, _items)
            : throw new FormatException("the end is missing: the file was cut short");
    }
}
