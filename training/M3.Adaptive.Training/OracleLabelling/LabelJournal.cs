using System.Text;
using System.Text.Json;

namespace M3.Adaptive.Training.OracleLabelling;

/// <summary>
/// A label table in the making: one line a finished image, flushed as it comes, so that an interrupted or killed run goes on
/// with the next image. A line counts when it ends.
/// </summary>
public sealed class LabelJournal : IDisposable
{
    private readonly FileStream _file;
    private readonly LabelHeader _header;
    private readonly Dictionary<string, (float[] Features, LabelItem[] Items)> _images = [];

    private LabelJournal(FileStream file, LabelHeader header) => (_file, _header) = (file, header);

    /// <summary>Goes on with the journal at this path, or begins one when there is none of this split, model and format.</summary>
    public static LabelJournal Open(string path, LabelHeader header)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
        var journal = new LabelJournal(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), header);
        if (!journal.Read()) journal.Begin();
        return journal;
    }

    /// <summary>Items of finished images.</summary>
    public int Items => _images.Values.Sum(image => image.Items.Length);

    public bool Holds(string image) => _images.ContainsKey(image);

    /// <summary>Keeps an image's features and the labels of all its questions.</summary>
    public void Add(string image, float[] features, IReadOnlyList<LabelItem> items)
    {
        Write(new LabelledImageLine(ImageLine.Of(image, features), [.. items.Select(ItemLine.Of)]));
        _images.Add(image, (features, [.. items]));
    }

    /// <summary>The finished table, items in the order of these identifiers.</summary>
    /// <exception cref="KeyNotFoundException">An item is not labelled yet.</exception>
    public LabelTable ToTable(IEnumerable<string> ids)
    {
        var items = _images.Values.SelectMany(image => image.Items).ToDictionary(item => item.Id);
        return new LabelTable(_header, _images.ToDictionary(pair => pair.Key, pair => pair.Value.Features), [.. ids.Select(id => items[id])]);
    }

    /// <summary>Removes the file: its table is kept elsewhere now.</summary>
    public void Delete()
    {
        Dispose();
        File.Delete(_file.Name);
    }

    public void Dispose() => _file.Dispose();

    private void Begin()
    {
        _file.SetLength(0);
        Write(HeaderLine.Of(_header));
    }

    /// <returns>Whether the file is a journal of this header; what follows its last whole line is cut off.</returns>
    private bool Read()
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        try
        {
            var lines = Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToArray();
            if (lines is not [HeaderLine header, ..] || header != HeaderLine.Of(_header)) return false;
            foreach (var image in lines.Skip(1).Cast<LabelledImageLine>())
                _images.Add(image.Image.Image, (image.Image.ToFeatures(), [.. image.Items.Select(item => item.ToItem())]));
        }
        catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException or InvalidCastException)
        {
            _images.Clear();
            return false;
        }

        _file.SetLength(whole);
        _file.Seek(0, SeekOrigin.End);
        return true;
    }

    private static LabelLine? Parse(string line) => JsonSerializer.Deserialize(line, LabelJson.Default.LabelLine);

    private void Write(LabelLine line)
    {
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, LabelJson.Default.LabelLine), (byte)'\n']);
        _file.Flush();
    }
}
