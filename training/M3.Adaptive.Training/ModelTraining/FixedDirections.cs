using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// Random unit directions of the decoder's width, nearly orthogonal, along which tokens hold what attention is to find them by; the same in every run.
/// </summary>
/// <param name="Places">Waves of a visual token's row and column, [C, 2 * <see cref="Waves"/>].</param>
/// <param name="WordPlaces">Waves of a character's place in its word, [C, <see cref="WordWaves"/>].</param>
/// <param name="Visual">That a token is a visual one, [C].</param>
/// <param name="Text">That it is text, [C].</param>
/// <param name="Anchor">That it is the one patch by which a thing is counted, [C].</param>
internal sealed record FixedDirections(Tensor Places, Tensor WordPlaces, Tensor Visual, Tensor Text, Tensor Anchor)
{
    /// <summary>Cosines along rows and along columns: smooth, so that pooling keeps them.</summary>
    public const int Waves = 4;

    /// <summary>Enough to tell each place in a word from the next.</summary>
    public const int WordWaves = DenseHeads.CharacterIndices - 1;

    public static FixedDirections Of(int width)
    {
        var random = new Random(1);
        return new(Draw(2 * Waves), Draw(WordWaves), Draw(1).squeeze(1), Draw(1).squeeze(1), Draw(1).squeeze(1));

        // A copy lies where libtorch aligns it; tensor() keeps the array's own memory, and MKL's products are rounded by how that is aligned.
        Tensor Draw(int count) =>
            tensor([.. Enumerable.Range(0, width * count).Select(_ => (float)((2 * random.NextDouble() - 1) * Math.Sqrt(3.0 / width)))]).reshape(width, count).clone();
    }
}
