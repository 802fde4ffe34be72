using M3.Adaptive.Model;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Drawing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// LLaVA's first stage, made dense: a projected patch, put through the (tied) head, names what lies there: the first piece
/// of the concept's name, the character, else the colour.
/// </summary>
internal sealed class Alignment
{
    private const int ShadesOfAColour = 12;      // a patch bears the name of the nearest of them

    private readonly M3Model _model;
    private readonly ScalarType _arithmetic;
    private readonly long[] _pieceOfClass;
    private readonly (long Piece, float[] Rgb)[] _colours;

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
        var logits = _model.Language.Head(_model.Language.Norm(visual)).to(ScalarType.Float32);
        return functional.cross_entropy(logits, tensor(targets.ToArray()).to(features.device));
    }

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
