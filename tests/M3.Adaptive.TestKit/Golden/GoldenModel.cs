using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace M3.Adaptive.TestKit.Golden;

/// <summary>What the golden folder expects of one checkpoint: cases by JSON, tensors by safetensors.</summary>
public sealed record GoldenModel
{
    private static readonly ConcurrentDictionary<string, GoldenModel> Opened = new();
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Picture's name to the file that is the model's input.</summary>
    public required Dictionary<string, string> Pictures { get; init; }

    public required GoldenCase[] Cases { get; init; }

    /// <summary>Tokens that a greedy path has at most.</summary>
    public required int NewTokens { get; init; }

    /// <summary>Index of the hidden state that the projector gets.</summary>
    public required int SelectedHiddenState { get; init; }

    [JsonIgnore]
    public GoldenCheckpoint Checkpoint { get; private set; } = new("", "", "");

    [JsonIgnore]
    public GoldenTensors Tensors => GoldenTensors.Open(Checkpoint.Tensors);

    [JsonIgnore]
    public string Folder => GoldenFolder.Index.PathOf(Checkpoint.Folder);

    /// <summary>Every checkpoint of the folder.</summary>
    public static IEnumerable<GoldenModel> All => GoldenFolder.Index.Checkpoints.Select(static checkpoint => Of(checkpoint.Name));

    /// <param name="checkpoint">Its folder's name.</param>
    public static GoldenModel Of(string checkpoint) => Opened.GetOrAdd(checkpoint, static name =>
    {
        var found = GoldenFolder.Index.Checkpoint(name);
        var model = GoldenFolder.ReadJson(found.Cases).Deserialize<GoldenModel>(Snake)
            ?? throw new InvalidDataException($"{found.Cases} holds null.");
        model.Checkpoint = found;
        return model;
    });

    public GoldenCase Case(string id) => Cases.Single(candidate => candidate.Id == id);

    /// <summary>Every greedy path: each case at each of its scales, averaged or with one of the alternatives.</summary>
    public IEnumerable<GoldenRun> Runs =>
        from golden in Cases
        from run in golden.Scales.Select(scale => new GoldenRun(golden.Id, null, int.Parse(scale.Key)))
            .Concat(from way in golden.Alternatives ?? [] from scale in way.Value select new GoldenRun(golden.Id, way.Key, int.Parse(scale.Key)))
        select run;

    public GoldenAnswer Answer(GoldenRun run)
    {
        var golden = Case(run.Case);
        return (run.Pooling is null ? golden.Scales : golden.Alternatives![run.Pooling])[$"{run.Scale}"];   // Runs names only what is there
    }
}

/// <summary>One greedy path: a case at a scale (0: no image), pooled otherwise than by averages when a way is named.</summary>
public sealed record GoldenRun(string Case, string? Pooling, int Scale)
{
    /// <summary>Start of the names of its tensors.</summary>
    public string Prefix => Pooling is null ? $"{Case}.s{Scale}" : $"{Case}.{Pooling}.s{Scale}";
}

/// <param name="Picture">Null for text alone.</param>
/// <param name="Question">A string, or a list of strings: earlier question, its answer, new question.</param>
/// <param name="PrefixIds">Before the image; all of the prompt without one.</param>
/// <param name="SuffixIds">Behind the image.</param>
/// <param name="AnswerIds">The answer that is scored; absent in some cases.</param>
/// <param name="Scales">Expected answer by scale.</param>
/// <param name="Alternatives">Way of pooling, then scale.</param>
public sealed record GoldenCase(
    string Id, string? Picture, JsonElement Question, int[] PrefixIds, int[] SuffixIds, int[]? AnswerIds,
    Dictionary<string, GoldenAnswer> Scales, Dictionary<string, Dictionary<string, GoldenAnswer>>? Alternatives);

/// <param name="PromptLength">Positions of the prompt, visual tokens included.</param>
/// <param name="Tokens">Tokens of the greedy path, the end-of-sequence token included.</param>
/// <param name="Stop"><c>eos</c> or <c>length</c>.</param>
/// <param name="AnswerLogprobSum">Sum over the scored answer.</param>
public sealed record GoldenAnswer(int PromptLength, int Tokens, string Stop, string Text, double? AnswerLogprobSum);
