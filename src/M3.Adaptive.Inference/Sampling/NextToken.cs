namespace M3.Adaptive.Inference.Sampling;

/// <summary>What the model thinks of the next token, computed in double from its logits.</summary>
/// <param name="Best">Index of the largest logit; the first of equals.</param>
/// <param name="Margin">Largest logit minus the second largest; 0 or more.</param>
/// <param name="Entropy">Entropy of the softmax, in nats.</param>
/// <param name="LogNormalizer">Logarithm of the sum of the logits' exponentials.</param>
internal readonly record struct NextToken(int Best, float Margin, float Entropy, double LogNormalizer)
{
    /// <param name="logits">[V], at least two.</param>
    /// <exception cref="InvalidDataException">A logit is NaN or infinite: the weights are broken.</exception>
    public static NextToken Of(ReadOnlySpan<float> logits)
    {
        var best = 0;
        float largest = float.NegativeInfinity, second = float.NegativeInfinity;
        for (var i = 0; i < logits.Length; i++)
        {
            var logit = logits[i];
            if (!float.IsFinite(logit)) throw new InvalidDataException($"Logit {i} is {logit}: the checkpoint's weights are broken.");
            if (logit > largest) (best, largest, second) = (i, logit, largest);
            else if (logit > second) second = logit;
        }

        double sum = 0, weighted = 0;                                             // of e^d and d e^d, d = logit - largest
        foreach (var logit in logits)
        {
            var distance = (double)logit - largest;
            var weight = Math.Exp(distance);
            sum += weight;
            weighted += weight * distance;
        }

        return new NextToken(best, largest - second, (float)(Math.Log(sum) - (weighted / sum)), largest + Math.Log(sum));
    }

    /// <summary>Natural logarithm of a token's probability.</summary>
    /// <param name="logit">Its logit, one of those this was computed from.</param>
    public float LogProbability(float logit) => (float)(logit - LogNormalizer);
}
