using System.Text.Json.Serialization;
using M3.Adaptive.Core;
using M3.Adaptive.Predictor.Features;

namespace M3.Adaptive.Training.OracleLabelling;

/// <summary>The lines of a label file: one header, then images and items, every image before its items, one end.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(HeaderLine), "labels")]
[JsonDerivedType(typeof(ImageLine), "image")]
[JsonDerivedType(typeof(ItemLine), "item")]
[JsonDerivedType(typeof(EndLine), "end")]
[JsonDerivedType(typeof(LabelledImageLine), "picture")]
internal abstract record LabelLine;

internal sealed record HeaderLine(int Format, int Features, string Split, string ModelName, string ModelHash) : LabelLine
{
    public const int CurrentFormat = 2;

    public static HeaderLine Of(LabelHeader header) =>
        new(CurrentFormat, PredictorFeatures.Version, header.Split, header.Model.Name, header.Model.Hash);
}

/// <param name="Features">Half precision, little-endian, base64.</param>
internal sealed record ImageLine(string Image, string Features) : LabelLine
{
    public static ImageLine Of(string image, float[] features) => new(image, HalfPrecision.Encode(features));

    public float[] ToFeatures() => HalfPrecision.Decode(Features, PredictorFeatures.ImageCount);
}

/// <param name="Right">A digit per rung, coarsest first: 1 is right.</param>
/// <param name="Answers">Per rung.</param>
/// <param name="Flops">Per rung.</param>
/// <param name="Seconds">Per rung.</param>
/// <param name="Evidence">Per rung: half precision, little-endian, base64.</param>
internal sealed record ItemLine(
    string Id, string Image, string Question, string Family, string Right, string[] Answers, double[] Flops, double[] Seconds, string[] Evidence) : LabelLine
{
    public static ItemLine Of(LabelItem item) => new(
        item.Id,
        item.Image,
        item.Question,
        item.Family,
        string.Concat(item.Outcomes.Select(outcome => outcome.Right ? '1' : '0')),
        [.. item.Outcomes.Select(outcome => outcome.Answer)],
        [.. item.Outcomes.Select(outcome => Math.Round(outcome.Charged.Flops))],
        [.. item.Outcomes.Select(outcome => Math.Round(outcome.Charged.Seconds, 5))],
        [.. item.Outcomes.Select(outcome => outcome.Evidence.Encode())]);

    /// <exception cref="FormatException">A column has not one value a rung.</exception>
    public LabelItem ToItem()
    {
        var rungs = VisualScale.Ladder.Length;
        if (Right.Length != rungs || Right.Any(digit => digit is not ('0' or '1')) || Answers.Length != rungs || Flops.Length != rungs
            || Seconds.Length != rungs || Evidence.Length != rungs)
            throw new FormatException($"item {Id} does not have {rungs} outcomes");
        return new LabelItem(Id, Image, Question, Family,
        [
            .. VisualScale.All.Select(scale => new ScaleOutcome(
                Right[scale.Rung] == '1',
                Answers[scale.Rung],
                new Cost(scale.Tokens, Flops[scale.Rung], Seconds[scale.Rung]),
                AnswerEvidence.Decode(Evidence[scale.Rung]))),
        ]);
    }
}

/// <summary>In a <see cref="LabelJournal"/>: an image whose every question is labelled.</summary>
internal sealed record LabelledImageLine(ImageLine Image, ItemLine[] Items) : LabelLine;

/// <summary>The last line: without it the file was cut short.</summary>
internal sealed record EndLine(int Items) : LabelLine;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LabelLine))]
internal sealed partial class LabelJson : JsonSerializerContext;
