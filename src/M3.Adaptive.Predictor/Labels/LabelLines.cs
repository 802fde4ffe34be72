using System.Text.Json.Serialization;

namespace M3.Adaptive.Predictor.Labels;

/// <summary>The lines of a label file: one header, then pictures and items, every picture before its items, one end.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(HeaderLine), "labels")]
[JsonDerivedType(typeof(ImageLine), "image")]
[JsonDerivedType(typeof(ItemLine), "item")]
[JsonDerivedType(typeof(EndLine), "end")]
internal abstract record LabelLine;

internal sealed record HeaderLine(int Format, int Features, string Split, string ModelName, string ModelHash) : LabelLine;

/// <param name="Features">Half precision, little-endian, base64.</param>
internal sealed record ImageLine(string Image, string Features) : LabelLine;

/// <param name="Right">A digit per rung, coarsest first: 1 is right.</param>
/// <param name="Flops">Per rung.</param>
/// <param name="Seconds">Per rung.</param>
/// <param name="Evidence">Per rung: half precision, little-endian, base64.</param>
internal sealed record ItemLine(
    string Id, string Image, string Question, string Family, string Right, double[] Flops, double[] Seconds, string[] Evidence) : LabelLine;

/// <summary>The last line: without it the file was cut short.</summary>
internal sealed record EndLine(int Items) : LabelLine;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LabelLine))]
internal sealed partial class LabelJson : JsonSerializerContext;
