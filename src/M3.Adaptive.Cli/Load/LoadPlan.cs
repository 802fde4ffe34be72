namespace M3.Adaptive.Cli.Load;

/// <summary>One request to come.</summary>
/// <param name="At">When, from the start of the run.</param>
/// <param name="Scale">What it asks for: a name of the mix of scales.</param>
internal sealed record PlannedRequest(TimeSpan At, Question Question, string Scale);

/// <summary>
/// What is asked, and when: arrivals of a Poisson process, which do not wait for answers. The same seed plans the same questions and
/// scales at any rate, and arrivals that differ by the ratio of the rates only.
/// </summary>
internal sealed class LoadPlan
{
    private readonly Dictionary<string, Question[]> _families;
    private readonly Mix _familyMix;
    private readonly Mix _scales;

    /// <param name="questions">What may be asked; at least one.</param>
    /// <param name="scales">What is asked for.</param>
    /// <param name="families">How often each family is asked; null: as often as the questions are.</param>
    public LoadPlan(IReadOnlyCollection<Question> questions, Mix scales, Mix? families = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(questions.Count, nameof(questions));
        _families = questions.GroupBy(FamilyOf).ToDictionary(static family => family.Key, static family => family.ToArray());
        _familyMix = families ?? new Mix(_families.Select(static family => (family.Key, (double)family.Value.Length)));
        _scales = scales;
    }

    /// <summary>The name under which a question is mixed.</summary>
    public static string FamilyOf(Question question) => question.Category ?? "none";

    /// <param name="count">How many requests: 1 or more.</param>
    /// <param name="rate">Requests a second on average: above 0.</param>
    public IReadOnlyList<PlannedRequest> Draw(int count, double rate, int seed)
    {
        var random = new Random(seed);
        var at = 0.0;
        var planned = new PlannedRequest[count];
        for (var i = 0; i < count; i++)
        {
            at -= Math.Log(1 - random.NextDouble()) / rate;                        // exponential gaps
            var family = _families[_familyMix.At(random.NextDouble())];
            planned[i] = new PlannedRequest(TimeSpan.FromSeconds(at), family[random.Next(family.Length)], _scales.At(random.NextDouble()));
        }

        return planned;
    }
}
