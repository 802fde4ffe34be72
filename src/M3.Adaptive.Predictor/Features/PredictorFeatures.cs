using M3.Adaptive.Core;

namespace M3.Adaptive.Predictor.Features;

/// <summary>
/// Computes the predictor's input: the image's features first, the question's after them. Training, labelling and serving all use this code, and
/// <see cref="Version"/> changes whenever a number in it would.
/// </summary>
public static class PredictorFeatures
{
    public const int Version = 1;

    /// <summary>Numbers that one image gives.</summary>
    public static int ImageCount => EncoderFeatures.Count;

    /// <summary>How many of them, the first, stand for something a person can name.</summary>
    internal static int PlainImageCount => EncoderFeatures.PlainCount;

    /// <summary>Numbers that one question gives.</summary>
    public static int QuestionCount => QuestionFeatures.Count;

    public static int Count => ImageCount + QuestionCount;

    /// <summary>What each of the <see cref="Count"/> numbers stands for, in words.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. EncoderFeatures.Names, .. QuestionFeatures.Names];

    /// <summary>Computes the image's part: [<see cref="ImageCount"/>], rounded to half precision. This is what label tables store.</summary>
    public static float[] OfImage(ImageEvidence evidence)
    {
        var features = new float[ImageCount];
        EncoderFeatures.Write(evidence, features);
        HalfPrecision.Round(features);
        return features;
    }

    /// <summary>Puts all features together: [<see cref="Count"/>].</summary>
    /// <param name="image">As <see cref="OfImage"/> gives it.</param>
    public static float[] Of(ReadOnlySpan<float> image, string question)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(image.Length, ImageCount);
        var features = new float[Count];
        image.CopyTo(features);
        QuestionFeatures.Write(question, features.AsSpan(ImageCount));
        return features;
    }
}
