using M3.Adaptive.Training.DataGeneration;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>What one step of stage 2 sees.</summary>
/// <param name="Pictures">Indices into the feature store.</param>
/// <param name="Questions">Asked of each picture.</param>
/// <param name="TextSamples">Patches of each picture that are shown, when the lesson is one in reading.</param>
internal sealed record DrawnBatch(int[] Pictures, IReadOnlyList<TokenizedQuestion>[] Questions, long[][] TextSamples);

/// <summary>Finds pictures that have something to ask in a lesson.</summary>
internal sealed class PicturePools(IReadOnlyList<StoredScene> scenes, TokenizedQuestion[][] questions)
{
    private readonly Dictionary<Lesson, int[]> _pools = [];

    public int[] Any(int count, SeededRandom random) => [.. Enumerable.Range(0, count).Select(_ => random.Next(scenes.Count))];

    public DrawnBatch Draw(Lesson lesson, int count, int questionsPerPicture, SeededRandom random)
    {
        if (!_pools.TryGetValue(lesson, out var pool))
        {
            pool = [.. Enumerable.Range(0, scenes.Count).Where(i => Shows(scenes[i], lesson) && Askable(i, lesson).Any())];
            if (pool.Length == 0) throw new InvalidOperationException($"No stored scene has a question for '{lesson.Name}': encode more scenes.");
            _pools[lesson] = pool;
        }

        var pictures = Enumerable.Range(0, count).Select(_ => pool[random.Next(pool.Length)]).ToArray();
        var asked = pictures.Select(i => Sample([.. Askable(i, lesson)], questionsPerPicture, random)).ToArray();
        return new DrawnBatch(pictures, asked, lesson.FromText ? [.. pictures.Select(i => TextSample.Draw(scenes[i], lesson.Tokens, random))] : []);
    }

    private static bool Shows(StoredScene scene, Lesson lesson) =>
        (lesson.Kinds?.Contains(scene.Kind) ?? true) && (!lesson.FromText || TextSample.Holds(scene, lesson.Tokens));

    private IEnumerable<TokenizedQuestion> Askable(int picture, Lesson lesson) => questions[picture].Where(question =>
        (lesson.Families is null || lesson.Families.Contains(question.Family)) && (!lesson.OnlyReadable || question.ExpectedTokens <= lesson.Tokens)
        && (lesson.Asks is null || question.Source is { } source && lesson.Asks(source)));

    private static TokenizedQuestion[] Sample(TokenizedQuestion[] from, int count, SeededRandom random)
    {
        random.Shuffle(from);
        return from.Length > count ? from[..count] : from;
    }
}
