using System.Text.Encodings.Web;
using System.Text.Json;
using M3.Adaptive.CommandLine;

namespace M3.Adaptive.Training.DataGeneration.Strange;

/// <summary>Writes pictures and questions.jsonl into a folder that appears only when it is complete.</summary>
internal sealed class QuestionFolder : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _folder, _partial;
    private readonly List<string> _lines = [];

    /// <exception cref="CommandException">The folder is there already and not empty.</exception>
    public QuestionFolder(string folder)
    {
        OutputFolder.Require(folder, "a new data set", _ => false);
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _partial = $"{_folder}.{Guid.NewGuid():N}.partial";
        Directory.CreateDirectory(_partial);
    }

    public int Pictures { get; private set; }

    public int Questions => _lines.Count;

    public void Add(string image, byte[] picture, IEnumerable<CommandLine.Question> questions)
    {
        Keep(image, picture);
        _lines.AddRange(questions.Select(question => JsonSerializer.Serialize(question, Json)));
        Pictures++;
    }

    /// <summary>A file beside them.</summary>
    public void Keep(string name, byte[] content) => File.WriteAllBytes(Path.Combine(_partial, name), content);

    public void Complete()
    {
        File.WriteAllText(Path.Combine(_partial, DataSetWriter.QuestionsFile), string.Concat(_lines.Select(line => line + "\n")));
        if (Directory.Exists(_folder)) Directory.Delete(_folder);                // empty, as the constructor saw
        Directory.Move(_partial, _folder);
    }

    /// <summary>Removes what is not complete.</summary>
    public void Dispose()
    {
        if (Directory.Exists(_partial)) Directory.Delete(_partial, recursive: true);
    }
}
