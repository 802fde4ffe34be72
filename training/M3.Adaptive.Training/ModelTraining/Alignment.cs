using M3.Adaptive.Core;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Drawing;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// LLaVA's first stage, made dense: a projected patch is nearest to the embedding of what lies there: the first piece of the
/// concept's name, the character, else the colour, of a bar, too. It also says, in fixed directions, that it is visual, where it lies and, of a
/// character, its place in its word: what should be found by these must say them aloud. A pooled token names the object in its cell, so objects
/// grow louder than the background that they are averaged with.
/// </summary>
/// <remarks>
/// Only the projector learns from it. Embeddings that learnt, too, would drift together, since each is pushed from every patch that
/// it does not name, and texts would look alike to the decoder.
/// </remarks>
internal sealed class Alignment
{
    private const int ShadesOfAColour = 12;      // a patch bears the name of the nearest of them

    private const double LeastShare = 1 / 12.0;  // of its cell that an object covers to be named by the pooled token
    private const double LeastText = 0.5;        // the same of a character, which has others beside it
    private const double Loudness = 4;           // of a wave, where a token's length is the root of the decoder's width

    private readonly M3Model _model;
    private readonly ScalarType _arithmetic;
    private readonly VisualScale[] _pooled;      // whose tokens are aligned, too; sampled ones are patches, and aligned as such
    private readonly Tensor _names;              // pieces that a patch may be named, [M]
    private readonly long[] _nameOfClass;        // places in _names
    private readonly (long Name, float[] Rgb)[] _colours;
    private readonly FixedDirections _directions;
    private readonly Tensor _places;             // what a patch says along its directions, [N, 2 * Waves + 1]: where it lies, and that it is visual
    private readonly Tensor _placeDirections;    // [C, 2 * Waves + 1]
    private readonly Tensor _wordPlaces;         // [CharacterIndices, WordWaves]

    public Alignment(M3Model model, SentencePieceTokenizer tokenizer, Pooling pooling, ScalarType arithmetic)
    {
        (_model, _arithmetic) = (model, arithmetic);
        _pooled = pooling == Pooling.Average ? [VisualScale.Of(9), VisualScale.Of(36), VisualScale.Of(144)] : [];
        // A spelled name begins with the lone space piece, which says nothing: take what follows.
        long First(string text) => tokenizer.Encode(text) is [var only] ? only : tokenizer.Encode(text) is [var space, var next, ..] && tokenizer.Piece(space) == "\u2581" ? next : tokenizer.Encode(text)[0];
        var names = PatchClasses.Names.Concat(Palette.Names).Select(First).Distinct().ToList();
        long NameOf(string text) => names.IndexOf(First(text));
        _names = tensor(names.ToArray());
        _nameOfClass = [.. PatchClasses.Names.Select(NameOf)];
        var random = new SeededRandom(1);
        _colours = [.. from name in Palette.Names
                       from _ in Enumerable.Range(0, ShadesOfAColour)
                       let shade = Palette.Shade(name, random)
                       select (NameOf(name), new[] { shade.Red / 255f, shade.Green / 255f, shade.Blue / 255f })];
        _directions = FixedDirections.Of(model.Config.Language.HiddenSize);
        _placeDirections = cat([_directions.Places, _directions.Visual.unsqueeze(1)], 1);
        var places = tensor([.. from patch in Enumerable.Range(0, DenseHeads.Patches)
                                from along in new[] { patch / DenseHeads.Grid, patch % DenseHeads.Grid }
                                from value in Cosines(along, DenseHeads.Grid, FixedDirections.Waves)
                                select value]).reshape(DenseHeads.Patches, 2 * FixedDirections.Waves);
        _places = cat([places, ones(DenseHeads.Patches, 1)], 1);
        _wordPlaces = tensor([.. Enumerable.Range(0, DenseHeads.CharacterIndices)
            .SelectMany(index => Cosines(index, DenseHeads.CharacterIndices, FixedDirections.WordWaves))]).reshape(DenseHeads.CharacterIndices, FixedDirections.WordWaves);
    }

    /// <param name="features">[B, N, Cv]</param>
    /// <param name="scenes">B scenes.</param>
    public Tensor Loss(Tensor features, IReadOnlyList<StoredScene> scenes)
    {
        var projected = _model.Projector.call(features.to(_arithmetic));          // [B, N, C]
        return _pooled.Aggregate(PatchLoss(projected, scenes), (loss, scale) => loss + PooledLoss(projected, scale, scenes));
    }

    private Tensor PatchLoss(Tensor projected, IReadOnlyList<StoredScene> scenes)
    {
        var (rows, targets) = (new List<long>(), new List<long>());
        var (characters, indices) = (new List<long>(), new List<long>());         // which of the rows show a character; its place in its word
        for (var b = 0; b < scenes.Count; b++)
        {
            for (var n = 0; n < DenseHeads.Patches; n++)
            {
                // Background is most of a picture; every seventh of its patches is enough.
                if (scenes[b].PatchClass[n] == 0 && (n + b) % 7 != 0) continue;
                if (scenes[b].CharacterIndex[n] is >= 0 and var index)
                {
                    characters.Add(rows.Count);
                    indices.Add(index);
                }

                rows.Add(b * DenseHeads.Patches + n);
                targets.Add(Target(scenes[b], n));
            }
        }

        var seen = _model.Language.Norm(projected.flatten(0, 1).index_select(0, Index(rows).to(projected.device)));      // [R, C]
        var said = seen.to(ScalarType.Float32);
        var loss = Named(seen, targets) + Said(said, _placeDirections, _places, [.. rows.Select(row => row % DenseHeads.Patches)]);
        return characters.Count == 0 ? loss : loss + Said(said.index_select(0, Index(characters).to(said.device)), _directions.WordPlaces, _wordPlaces, indices);
    }

    private Tensor PooledLoss(Tensor projected, VisualScale scale, IReadOnlyList<StoredScene> scenes)
    {
        var (rows, targets) = (new List<long>(), new List<long>());
        for (var b = 0; b < scenes.Count; b++)
        {
            for (var cell = 0; cell < scale.Tokens; cell++)
            {
                if (Target(scenes[b], cell / scale.Side, cell % scale.Side, DenseHeads.Grid / scale.Side) is not { } target) continue;
                rows.Add(b * scale.Tokens + cell);
                targets.Add(target);
            }
        }

        if (rows.Count == 0) return zeros([], ScalarType.Float32).to(projected.device);
        var tokens = TokenPooling.Reduce(projected, scale).flatten(0, 1).index_select(0, Index(rows).to(projected.device));
        return Named(_model.Language.Norm(tokens), targets);
    }

    private Tensor Named(Tensor seen, List<long> targets)
    {
        var names = _model.Language.Embed(_names.to(seen.device)).detach().to(seen.dtype);        // [M, C]
        return functional.cross_entropy(functional.linear(seen, names).to(ScalarType.Float32), Index(targets).to(seen.device));
    }

    /// <summary>How far what the tokens say along the directions is from the waves of their places.</summary>
    private static Tensor Said(Tensor tokens, Tensor directions, Tensor waves, List<long> places) => functional.mse_loss(
        tokens.matmul(directions.to(tokens.device)) / Loudness, waves.index_select(0, Index(places)).to(tokens.device));

    private static Tensor Index(List<long> values) => tensor(values.ToArray());

    private static IEnumerable<float> Cosines(int at, int of, int waves) =>
        Enumerable.Range(1, waves).Select(wave => (float)Math.Cos(Math.PI * wave * (at + 0.5) / of));

    /// <summary>What most of a cell's marked patches show; null when that is too little to be seen.</summary>
    private long? Target(StoredScene scene, int row, int column, int side)
    {
        var patches = from y in Enumerable.Range(row * side, side) from x in Enumerable.Range(column * side, side) select y * DenseHeads.Grid + x;
        var marked = patches.Where(patch => scene.PatchClass[patch] != 0).GroupBy(patch => scene.PatchClass[patch]).MaxBy(group => group.Count());
        if (marked is null) return Target(scene, patches.First());
        var text = marked.Key >= PatchClasses.FirstCharacter && marked.Key < PatchClasses.Bar;
        return marked.Count() >= (text ? LeastText : LeastShare) * side * side ? Target(scene, marked.First()) : null;
    }

    private long Target(StoredScene scene, int patch)
    {
        var named = scene.PatchClass[patch];
        if (named != PatchClasses.Background && named != PatchClasses.Bar) return _nameOfClass[named];
        var rgb = scene.PatchRgb.AsSpan(patch * 3, 3);
        var (best, nearest) = (0L, float.MaxValue);
        foreach (var (name, colour) in _colours)
        {
            var (r, g, b) = (rgb[0] / 255f - colour[0], rgb[1] / 255f - colour[1], rgb[2] / 255f - colour[2]);
            var distance = r * r + g * g + b * b;
            if (distance < nearest) (best, nearest) = (name, distance);
        }

        return best;
    }
}
