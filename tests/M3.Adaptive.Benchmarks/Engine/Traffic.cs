using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;

namespace M3.Adaptive.Benchmarks.Engine;

/// <summary>Some questions about one picture, each at a scale of its own.</summary>
internal sealed record PictureVisit(byte[] Picture, IReadOnlyList<(string Question, VisualScale Scale)> Questions);

/// <summary>A share of questions for each scale.</summary>
internal sealed record Mix(string Name, params (int Scale, int Percent)[] Shares)
{
    public static Mix Finest { get; } = new("finest", (576, 100));

    public static Mix Coarse { get; } = new("coarse", (9, 100));

    public static Mix Mixed { get; } = new("mixed", (1, 20), (9, 40), (36, 20), (144, 15), (576, 5));

    public VisualScale Draw(Random random)
    {
        var drawn = random.Next(100);
        foreach (var (scale, percent) in Shares)
        {
            if ((drawn -= percent) < 0) return VisualScale.Of(scale);
        }

        throw new InvalidOperationException($"The shares of {Name} do not add up to 100.");
    }
}

/// <summary>Pictures and questions of the shipped test set, seeded: the same for every engine that is compared.</summary>
internal sealed class Traffic
{
    /// <summary>Questions asked about each picture.</summary>
    public const int QuestionsPerPicture = 4;

    private readonly IReadOnlyList<(byte[] Picture, string[] Questions)> _pictures;

    public Traffic(string testSet)
    {
        var set = QuestionSet.Read(testSet);
        _pictures = [.. set.ByImage().Select(group => (
            File.ReadAllBytes(Path.Combine(testSet, group.Key)),
            Enumerable.Range(0, QuestionsPerPicture).Select(i => group.ElementAt(i % group.Count()).Text).ToArray()))];
    }

    /// <summary>Visits without end, each picture once before any comes again.</summary>
    public IEnumerable<PictureVisit> Visits(Mix mix, int seed)
    {
        var random = new Random(seed);
        for (var i = seed; ; i++)
        {
            var (picture, questions) = _pictures[i % _pictures.Count];
            yield return new PictureVisit(picture, [.. questions.Select(question => (question, mix.Draw(random)))]);
        }
    }
}
