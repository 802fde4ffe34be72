using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;

namespace M3.Adaptive.Training.OracleLabelling;

/// <summary>Whose answers a table holds and how they were made.</summary>
/// <param name="Split">The data's split, for example <c>routing</c>.</param>
/// <param name="Model">The model that answered; a predictor trained on the table is bound to its hash.</param>
public sealed record LabelHeader(string Split, ModelIdentity Model);

/// <summary>The outcome of one item at one scale.</summary>
/// <param name="Right">Whether the answer equals one of the accepted ones.</param>
/// <param name="Answer">The text that the model generated.</param>
/// <param name="Charged">What the answer cost.</param>
/// <param name="Evidence">Log-probabilities, margins and entropies of the answer's tokens, summarised.</param>
public sealed record ScaleOutcome(bool Right, string Answer, Cost Charged, AnswerEvidence Evidence);

/// <summary>The oracle labels of one question about one image.</summary>
/// <param name="Id">Unique in its table.</param>
/// <param name="Image">The image's name: items that share it belong together in every split and resampling.</param>
/// <param name="Family">Kind of question; empty when the data does not say.</param>
/// <param name="Outcomes">One per rung, coarsest first.</param>
public sealed record LabelItem(string Id, string Image, string Question, string Family, IReadOnlyList<ScaleOutcome> Outcomes);

/// <summary>
/// Oracle labels with everything that predictors and reports need: neither images nor model have to be at hand. Items come
/// in the order of the data set; every item's image is in <see cref="ImageFeatures"/>.
/// </summary>
/// <param name="ImageFeatures">Image's name to its features, as <c>PredictorFeatures.OfImage</c> gives them.</param>
public sealed record LabelTable(LabelHeader Header, IReadOnlyDictionary<string, float[]> ImageFeatures, IReadOnlyList<LabelItem> Items)
{
    /// <summary>The predictor's input for one item.</summary>
    public float[] FeaturesOf(LabelItem item) => PredictorFeatures.Of(ImageFeatures[item.Image], item.Question);
}
