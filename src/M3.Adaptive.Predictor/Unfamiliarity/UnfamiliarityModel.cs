namespace M3.Adaptive.Predictor.Unfamiliarity;

/// <summary>Corrects probabilities for what is unlike the labels: one logistic over the probability and four measures of strangeness.</summary>
/// <param name="Threshold">Weighted sum above which a request is called unfamiliar: what one in a hundred calibration answers exceeds.</param>
public sealed record UnfamiliarityModel(
    PictureDistance Picture, WordSurprise Wording, WordPieces Spelling, AnswerFit Answer, UsualRanges Usual, CorrectionWeights Weights, float Threshold)
{
    /// <summary>What can be told before any run; the answer's part is 0.</summary>
    /// <param name="picture">The picture's features.</param>
    public Strangeness Before(ReadOnlySpan<float> picture, string question) => new(
        Usual.Picture.Of(Picture.Of(picture)), Usual.Wording.Of(Wording.Of(question)), Usual.Spelling.Of(Spelling.Of(question)), 0);

    public float AnswerStrangeness(string question, string answer) => Usual.Answer.Of(Answer.Of(question, answer));

    /// <summary>The weighted sum that speaks against an answer; 0 where nothing is strange.</summary>
    public float Sum(Strangeness strange) =>
        Weights.Picture * strange.Picture + Weights.Wording * strange.Wording + Weights.Spelling * strange.Spelling + Weights.Answer * strange.Answer;

    /// <summary>The corrected probability.</summary>
    /// <param name="logit">Of the probability as routing sees it.</param>
    /// <param name="sum">As <see cref="Sum"/> gives it.</param>
    public float Correct(double logit, float sum) => (float)(1 / (1 + Math.Exp(-(Weights.Logit * logit + Weights.Bias - sum))));
}

/// <summary>The range in which each measure lies for the labels.</summary>
public sealed record UsualRanges(UsualRange Picture, UsualRange Wording, UsualRange Spelling, UsualRange Answer);

/// <summary>What the logistic makes of the probability and of each strangeness. Those of the strangeness speak against an answer: 0 or more.</summary>
public sealed record CorrectionWeights(float Logit, float Bias, float Picture, float Wording, float Spelling, float Answer);
