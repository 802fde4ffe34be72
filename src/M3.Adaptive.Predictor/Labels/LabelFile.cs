using System.IO.Compression;
using System.Text;
using System.Text.Json;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Confidence;
using M3.Adaptive.Predictor.Features;

namespace M3.Adaptive.Predictor.Labels;

/// <summary>
/// Label tables as gzipped JSON lines (<c>SPLIT.jsonl.gz</c>), about 160 bytes an item. The same table gives the same bytes.
/// </summary>
public static class LabelFile
{
    private const int Format = 1;

    /// <summary>Name of a split's file inside a folder of labels.</summary>
    public static string NameOf(string split) => $"{split}.jsonl.gz";

    /// <summary>Writes the whole table, making its folder if need be, or leaves the file as it was.</summary>
    public static void Save(LabelTable table, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
        var unfinished = path + ".unfinished";
        using (var file = File.Create(unfinished))
        using (var zip = new GZipStream(file, CompressionLevel.SmallestSize))
        {
            foreach (var line in Lines(table))
            {
                zip.Write(JsonSerializer.SerializeToUtf8Bytes(line, LabelJson.Default.LabelLine));
                zip.WriteByte((byte)'\n');
            }
        }

        File.Move(unfinished, path, overwrite: true);
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
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidDataException or NotSupportedException)
        {
            throw new PredictorException($"{path}, line {number}: {fault.Message.TrimEnd('.')}. Make the labels again.", fault);
        }
    }

    private static IEnumerable<LabelLine> Lines(LabelTable table)
    {
        yield return new HeaderLine(Format, PredictorFeatures.Version, table.Header.Split, table.Header.Model.Name, table.Header.Model.Hash);
        var written = new HashSet<string>();
        foreach (var item in table.Items)
        {
            if (written.Add(item.Image)) yield return new ImageLine(item.Image, HalfPrecision.Encode(table.ImageFeatures[item.Image]));
            yield return new ItemLine(
                item.Id,
                item.Image,
                item.Question,
                item.Family,
                string.Concat(item.Outcomes.Select(outcome => outcome.Right ? '1' : '0')),
                [.. item.Outcomes.Select(outcome => Math.Round(outcome.Charged.Flops))],
                [.. item.Outcomes.Select(outcome => Math.Round(outcome.Charged.Seconds, 5))],
                [.. item.Outcomes.Select(outcome => outcome.Evidence.Encode())]);
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
                case HeaderLine { Format: not Format } other:
                    throw new FormatException($"it is label format {other.Format}; expected {Format}");
                case HeaderLine { Features: not PredictorFeatures.Version } other:
                    throw new FormatException($"it holds features of version {other.Features}; this program uses {PredictorFeatures.Version}");
                case HeaderLine header:
                    _header = new LabelHeader(header.Split, new ModelIdentity(header.ModelName, header.ModelHash));
                    break;
                case ImageLine image:
                    if (!_images.TryAdd(image.Image, HalfPrecision.Decode(image.Features, PredictorFeatures.ImageCount)))
                        throw new FormatException($"picture {image.Image} is there twice");
                    break;
                case ItemLine item:
                    _items.Add(ItemOf(item));
                    break;
                case EndLine end:
                    _ended = end.Items == _items.Count ? true : throw new FormatException($"{_items.Count} items; the end says {end.Items}");
                    break;
            }
        }

        public LabelTable Build() => _header is not null && _ended
            ? new(_header, _images, _items)
            : throw new FormatException("the end is missing: the file was cut short");

        private LabelItem ItemOf(ItemLine line)
        {
            var rungs = VisualScale.Ladder.Length;
            if (!_ids.Add(line.Id)) throw new FormatException($"item {line.Id} is there twice");
            if (!_images.ContainsKey(line.Image)) throw new FormatException($"item {line.Id} comes before its picture {line.Image}");
            if (line.Right.Length != rungs || line.Right.Any(digit => digit is not ('0' or '1')) || line.Flops.Length != rungs
                || line.Seconds.Length != rungs || line.Evidence.Length != rungs)
                throw new FormatException($"item {line.Id} does not have {rungs} outcomes");
            return new LabelItem(
                line.Id,
                line.Image,
                line.Question,
                line.Family,
                [
                    .. VisualScale.All.Select(scale => new ScaleOutcome(
                        line.Right[scale.Rung] == '1',
                        new Cost(scale.Tokens, line.Flops[scale.Rung], line.Seconds[scale.Rung]),
                        AnswerEvidence.Decode(line.Evidence[scale.Rung]))),
                ]);
        }
    }
}
