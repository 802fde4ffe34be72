namespace M3.Adaptive.Predictor.Unfamiliarity;

/// <summary>Four ways in which a request may be unlike the labels.</summary>
/// <param name="Picture">How far the picture's features lie from those of the labels' pictures.</param>
/// <param name="Wording">How surprising the question's words are in their order.</param>
/// <param name="Spelling">How many pieces of the model's vocabulary a word of the question takes.</param>
/// <param name="Answer">How badly the kind of the answer fits the question.</param>
public readonly record struct Strangeness(float Picture, float Wording, float Spelling, float Answer);
