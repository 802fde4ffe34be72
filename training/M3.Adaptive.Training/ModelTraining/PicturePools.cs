using M3.Adaptive.Core;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>What one step of stage 2 sees.</summary>
/// <param name="Pictures">Indices into the feature store.</param>
/// <param name="Questions">Asked of each picture.</param>
/// <param name="Crops">Row and column of the crop's first patch, when the phase crops.</param>
internal sealed record DrawnBatch(int[] Pictures, IReadOnlyList<TokenizedQuestion>[] Questions, (int Row, int Column)[] Crops);

/// <summary>Finds pictures that have something to ask in a phase, at a scale.</summary>
internal sealed class PicturePools(IReadOnlyList<StoredScene> scenes, TokenizedQuestion[][] questions)
{
    private readonly Dictionary<(Phase, VisualScale), int[]> _pools = [];

    public DrawnBatch Any(int count, Random random) =>
        new([.. Enumerable.Range(0, count).Select(_ => random.Next(scenes.Count))], [], []);

    public DrawnBatch Draw(Phase phase, VisualScale scale, int count, int questionsPerPicture, Random random)
    {
        if (!_pools.TryGetValue((phase, scale), out var pool))
        {
            pool = [.. Enumerable.Range(0, scenes.Count).Where(i => (phase.Kinds?.Contains(scenes[i].Kind) ?? true)
                && Askable(i, phase, scale).Any() && (phase != Curriculum.Reading || Crop.Window(scenes[i]) is not null))];
            if (pool.Length == 0) throw new InvalidOperationException($"No stored scene has a question for '{phase.Name}' at {scale}: encode more scenes.");
            _pools[(phase, scale)] = pool;
        }

        var pictures = Enumerable.Range(0, count).Select(_ => pool[random.Next(pool.Length)]).ToArray();
        var asked = pictures.Select(i => Sample([.. Askable(i, phase, scale)], questionsPerPicture, random)).ToArray();
        var crops = phase == Curriculum.Reading ? pictures.Select(i => Crop.Window(scenes[i])!.Value).ToArray() : [];   // the pool holds only pictures with a window
        return new DrawnBatch(pictures, asked, crops);
    }

    private IEnumerable<TokenizedQuestion> Askable(int picture, Phase phase, VisualScale scale) => questions[picture].Where(question =>
        (phase.Families is null || phase.Families.Contains(question.Family)) && (!phase.OnlyReadable || question.ExpectedTokens <= scale.Tokens));

    private static TokenizedQuestion[] Sample(TokenizedQuestion[] from, int count, Random random)
    {
        random.Shuffle(from);
        return from.Length > count ? from[..count] : from;
    }
}
