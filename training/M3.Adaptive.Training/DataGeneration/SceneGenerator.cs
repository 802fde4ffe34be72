using M3.Adaptive.Training.DataGeneration.Asking;
using M3.Adaptive.Training.DataGeneration.Scenes;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>The pictures of one split: item i is the same whoever asks, and in whatever order. Safe for use by several threads.</summary>
public sealed class SceneGenerator
{
    private static readonly IReadOnlyDictionary<string, ISceneKind> ByName =
        new ISceneKind[] { new GridScene(), new LargeObjectScene(), new ScatterScene(), new SignScene(), new ReceiptScene(), new BarsScene(), new MixedScene() }
            .ToDictionary(kind => kind.Name);

    private readonly Content _content;
    private readonly Mix _mix;
    private readonly Split _split;
    private readonly ulong _seed;

    /// <param name="seed">The data set; each split is a stream of its own within it.</param>
    public SceneGenerator(Assets assets, Split split, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(assets);
        (_content, _mix, _split, _seed) = (new Content(assets, split), Mix.For(split), split, seed);
    }

    /// <summary>Families that are asked about what a picture of this kind shows; others are asked now and then, and then it is not there.</summary>
    /// <exception cref="ArgumentException">No such kind.</exception>
    public static IReadOnlyList<string> FamiliesOf(string kind) =>
        ByName.TryGetValue(kind, out var known)
            ? known.Families
            : throw new ArgumentException($"Unknown kind '{kind}'; expected one of {string.Join(", ", Kinds.Asked)}.", nameof(kind));

    /// <summary>The ways in which a kind of picture is laid out, those that training never shows last.</summary>
    internal static IReadOnlyList<Layout> LayoutsOf(string kind) => ByName[kind].Layouts;

    /// <summary>A picture with every question it allows.</summary>
    /// <param name="families">Ask only these; pictures are of the kinds that allow one of them. Null: all.</param>
    /// <param name="kinds">Draw only these. Null: all.</param>
    /// <exception cref="ArgumentException">No kind is left.</exception>
    public Scene QuestionScene(long index, IReadOnlySet<string>? families = null, IReadOnlySet<string>? kinds = null)
    {
        var random = SeededRandom.For(_seed, (ulong)_split, index);
        var weights = new double[Kinds.Asked.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            var kindName = Kinds.Asked[i];
            var wanted = (kinds?.Contains(kindName) ?? true) && (families?.Overlaps(ByName[kindName].Families) ?? true);
            weights[i] = wanted ? _mix.KindWeights[i] : 0;
        }
        if (weights.Sum() <= 0) throw new ArgumentException("No kind of picture is left that allows any of these families.", nameof(families));
        var kind = ByName[Kinds.Asked[random.PickWeighted(weights)]];
        while (true)
        {
            var easel = new Easel(random, _content, _mix);
            if (!easel.Paint(kind, easel.Room)) continue;
            var asked = new Interviewer(random, _content, _mix, easel.Picture, easel.Shown).Ask();
            Question[] questions = [.. asked.Where(question => families?.Contains(question.Family) ?? true)];
            if (questions.Length > 0) return new Scene(easel.Picture, questions, PatchLabels.Of(easel.Picture), kind.Name) { Layouts = easel.Shown.Layouts, Shown = easel.Shown };
        }
    }

    /// <summary>A picture packed with icons, words and numbers for pre-training; it has labels but no questions.</summary>
    public Scene PackedScene(long index)
    {
        // A stream apart from the question scenes of the same split.
        var easel = new Easel(SeededRandom.For(_seed, 16 + (ulong)_split, index), _content, _mix);
        PackedPicture.Paint(easel);
        return new Scene(easel.Picture, [], PatchLabels.Of(easel.Picture), Kinds.Packed);
    }
}
