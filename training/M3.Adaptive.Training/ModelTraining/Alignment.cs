using M3.Adaptive.Model;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Drawing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// LLaVA's first stage, made dense: a projected patch, put through the (tied) head, names what lies there: the first piece
/// of the concept's name, the character, else the colour. It also says where it lies: the tower's features know rows and
/// columns but whisper them (6 % of the variance of what is pooled to 9 tokens), and what should be found by its place must say it aloud.
/// </summary>
internal sealed class Alignment
{
    private const int ShadesOfAColour = 12;      // a patch bears the name of the nearest of them

    private const int Waves = 4;                 // cosines along rows and along columns: smooth, so that pooling keeps them
    private const double Loudness = 4;           // of a wave, where a token's length is the root of the decoder's width

    private readonly M3Model _model;
    private readonly ScalarType _arithmetic;
    private readonly long[] _pieceOfClass;
    private readonly (long Piece, float[] Rgb)[] _colours;
    private readonly Tensor _directions, _places;      // [C, 2 * Waves], fixed; [N, 2 * Waves]

    public Alignment(M3Model model, SentencePieceTokenizer tokenizer, ScalarType arithmetic)
    {
        (_model, _arithmetic) = (model, arithmetic);
        // A spelled name begins with the lone space piece, which says nothing: take what follows.
        long First(string text) => tokenizer.Encode(text) is [var only] ? only : tokenizer.Encode(text) is [var space, var next, ..] && tokenizer.Piece(space) == "\u2581" ? next : tokenizer.Encode(text)[0];
        _pieceOfClass = [.. PatchClasses.Names.Select(First)];
        var random = new SeededRandom(1);
        _colours = [.. from name in Palette.Names
                       from _ in Enumerable.Range(0, ShadesOfAColour)
                       let shade = Palette.Shade(name, random)
                       select (First(name), new[] { shade.Red / 255f, shade.Green / 255f, shade.Blue / 255f })];
        var width = model.Config.Language.HiddenSize;
        var drawn = new Random(1);
        _directions = tensor([.. Enumerable.Range(0, width * 2 * Waves).Select(_ => (float)((2 * drawn.NextDouble() - 1) * Math.Sqrt(3.0 / width)))]).reshape(width, 2 * Waves);
        _places = tensor([.. Enumerable.Range(0, DenseHeads.Patches).SelectMany(WavesAt)]).reshape(DenseHeads.Patches, 2 * Waves);
    }

    /// <param name="features">[B, N, Cv]</param>
    /// <param name="scenes">B scenes.</param>
    public Tensor Loss(Tensor features, IReadOnlyList<StoredScene> scenes)
    {
        var targets = new List<long>();
        var rows = new List<long>();
        for (var b = 0; b < scenes.Count; b++)
        {
            for (var n = 0; n < DenseHeads.Patches; n++)
            {
                var target = Target(scenes[b], n);
                // Background is most of a picture; every seventh of its patches is enough.
                if (scenes[b].PatchClass[n] == 0 && (n + b) % 7 != 0) continue;
                rows.Add(b * DenseHeads.Patches + n);
                targets.Add(target);
            }
        }

        var visual = _model.Projector.call(features.to(_arithmetic)).flatten(0, 1).index_select(0, tensor(rows.ToArray()).to(features.device));
        var seen = _model.Language.Norm(visual);
        var names = functional.cross_entropy(_model.Language.Head(seen).to(ScalarType.Float32), tensor(targets.ToArray()).to(features.device));
        var patches = tensor(rows.Select(row => row % DenseHeads.Patches).ToArray());
        var places = functional.mse_loss(seen.to(ScalarType.Float32).matmul(_directions.to(features.device)) / Loudness, _places.index_select(0, patches).to(features.device));
        return names + places;
    }

    private static IEnumerable<float> WavesAt(int patch) =>
        from along in new[] { patch / DenseHeads.Grid, patch % DenseHeads.Grid }
        from wave in Enumerable.Range(1, Waves)
        select (float)Math.Cos(Math.PI * wave * (along + 0.5) / DenseHeads.Grid);

    private long Target(StoredScene scene, int patch)
    {
        var named = scene.PatchClass[patch];
        if (named != 0) return _pieceOfClass[named];
        var rgb = scene.PatchRgb.AsSpan(patch * 3, 3);
        var (best, nearest) = (0L, float.MaxValue);
        foreach (var (piece, colour) in _colours)
        {
            var (r, g, b) = (rgb[0] / 255f - colour[0], rgb[1] / 255f - colour[1], rgb[2] / 255f - colour[2]);
            var distance = r * r + g * g + b * b;
            if (distance < nearest) (best, nearest) = (piece, distance);
        }

        return best;
    }
}
