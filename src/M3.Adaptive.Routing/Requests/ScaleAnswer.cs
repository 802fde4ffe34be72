using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Requests;

/// <summary>One complete answer at one scale.</summary>
/// <param name="Tokens">First to last; at least one.</param>
/// <param name="Prefill">From the start to the first token.</param>
/// <param name="Decode">From the first token to the last.</param>
internal sealed record ScaleAnswer(IReadOnlyList<TokenEvidence> Tokens, TimeSpan Prefill, TimeSpan Decode)
{
    public string Text => string.Concat(Tokens.Select(token => token.Text));

    public FinishReason Finish => Tokens[^1].Finish;

    public Cost Charged => Cost.Sum(Tokens.Select(token => token.Charged));

    public double LogProbability => Tokens.Sum(token => (double)token.LogProbability);

    /// <exception cref="InvalidOperationException">The generator gave no token.</exception>
    public static async Task<ScaleAnswer> RunAsync(
        IGenerator generator, GenerationRequest request, TimeProvider clock, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        long first = start, last = start;
        List<TokenEvidence> tokens = [];
        await foreach (var token in generator.GenerateAsync(request, cancellation).WithCancellation(cancellation))
        {
            last = clock.GetTimestamp();
            if (tokens.Count == 0) first = last;
            tokens.Add(token);
        }

        return tokens.Count > 0
            ? new ScaleAnswer(tokens, clock.GetElapsedTime(start, first), clock.GetElapsedTime(first, last))
            : throw new InvalidOperationException($"The generator ended without a token at {request.Scale} visual tokens.");
    }
}
