using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>How the pictures of a data set are stored.</summary>
public enum PictureFormat
{
    /// <summary>About 14 KB a picture.</summary>
    Png,

    /// <summary>Without loss, unless a quality is given: about 8 KB a picture.</summary>
    Webp,
}

/// <summary>
/// Writes pictures, questions.jsonl (LLaVA's question format with answers), their attribution and a manifest into a folder that appears
/// only when it is complete.
/// </summary>
public sealed class DataSetWriter : IDisposable
{
    public const string QuestionsFile = "questions.jsonl";

    // Questions hold quotes and letters that need no escapes outside of HTML.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _folder;
    private readonly string _partial;
    private readonly PictureFormat _format;
    private readonly float? _quality;
    private readonly string _attribution;
    private readonly (Split Split, ulong Seed) _drawn;
    private readonly SceneRenderer _renderer = new();
    private readonly List<string> _lines = [];
    private readonly SortedDictionary<string, int> _families = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, int> _expectedTokens = [];
    private int _pictures;

    /// <param name="split">Split that the pictures are drawn from.</param>
    /// <param name="seed">Seed of the data set.</param>
    /// <param name="quality">Of WebP pictures, 1 to 100; null: without loss.</param>
    /// <param name="attribution">Text that names the sources of what the pictures show.</param>
    /// <exception cref="IOException">The folder is there already and not empty, or cannot be made.</exception>
    public DataSetWriter(string folder, PictureFormat format, string attribution, Split split, ulong seed, float? quality = null)
    {
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _partial = $"{_folder}.{Guid.NewGuid():N}.partial";                       // of this writer alone: nobody else's folder is deleted
        (_format, _quality) = (format, quality);
        (_attribution, _drawn) = (attribution, (split, seed));
        if (Directory.Exists(_folder) && Directory.EnumerateFileSystemEntries(_folder).Any())
        {
            throw new IOException($"{_folder} is not empty. Name another folder, or remove it first.");
        }
        Directory.CreateDirectory(_partial);
    }

    /// <summary>Adds a picture under a name without extension, and the questions asked about it.</summary>
    public void Add(string name, Scene scene, IReadOnlyList<Question> questions)
    {
        var image = name + (_format == PictureFormat.Png ? ".png" : ".webp");
        File.WriteAllBytes(Path.Combine(_partial, image), _renderer.Encode(scene, _format, _quality));
        foreach (var question in questions)
        {
            _lines.Add(JsonSerializer.Serialize(new Line(_lines.Count, image, question.Text, [question.Answer], question.Family, question.New.Axes()), Json));
            _families[question.Family] = _families.GetValueOrDefault(question.Family) + 1;
            _expectedTokens[question.ExpectedTokens] = _expectedTokens.GetValueOrDefault(question.ExpectedTokens) + 1;
        }
        _pictures++;
    }

    /// <summary>Writes the questions and moves the folder to its place.</summary>
    public DataSetSummary Complete()
    {
        File.WriteAllText(Path.Combine(_partial, QuestionsFile), string.Concat(_lines.Select(line => line + "\n")));
        File.WriteAllText(Path.Combine(_partial, Attribution.FileName), _attribution);
        new DataSetManifest(DataSetManifest.ThisGenerator, _drawn.Split.ToString().ToLowerInvariant(), _drawn.Seed, _pictures, _lines.Count, DataSetManifest.HashOf(_partial)).Write(_partial);
        if (Directory.Exists(_folder)) Directory.Delete(_folder); // empty, as the constructor saw
        Directory.Move(_partial, _folder);
        return new DataSetSummary(_folder, _pictures, _lines.Count, _families, _expectedTokens);
    }

    /// <summary>Removes what is not complete.</summary>
    public void Dispose()
    {
        _renderer.Dispose();
        if (Directory.Exists(_partial)) Directory.Delete(_partial, recursive: true);
    }

    private sealed record Line(
        [property: JsonPropertyName("question_id")] int QuestionId,
        [property: JsonPropertyName("image")] string Image,
        [property: JsonPropertyName("text")] string Text,
        [property: JsonPropertyName("answers")] string[] Answers,
        [property: JsonPropertyName("category")] string Category,
        [property: JsonPropertyName("axes")] string[] Axes);
}

/// <summary>What a data set holds.</summary>
/// <param name="Families">Questions of each family.</param>
/// <param name="ExpectedTokens">Questions that should need so many visual tokens.</param>
public sealed record DataSetSummary(
    string Folder, int Pictures, int Questions, IReadOnlyDictionary<string, int> Families, IReadOnlyDictionary<int, int> ExpectedTokens);
