using M3.Adaptive.Model.Network;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// LLaVA's first stage as a dense loss: a projected patch token is to be nearest to the embedding of the word that names what the patch shows
/// (<see cref="TokenNames"/>). Along fixed directions (<see cref="FixedDirections"/>) it is to hold that it is visual, its row and column,
/// whether it is the anchor of a thing and, for a character, its place in its word, as attention can only find or count by what a token holds.
/// Tokens pooled to 9, 36 and 144 are to name the object in their cell, so that an object outweighs the background it is averaged with.
/// </summary>
/// <remarks>
/// Only the projector learns from it. Embeddings that learnt, too, would become alike, since the gradient pushes each of them from every patch
/// that it does not name, and the decoder could not tell texts apart.
/// </remarks>
internal sealed class Alignment
{
    private const double Amplitude = 4;           // of a position wave; a token's norm is the square root of the decoder's width
    private const float AnchorAmplitude = 2;      // of the anchor direction, over a wave's: one patch among 16 must show after pooling

    private readonly M3Model _model;
    private readonly ScalarType _arithmetic;
    private readonly Device _device;
    private readonly TokenNames _names;
    private readonly Tensor _pieces;             // [M]
    private readonly FixedDirections _directions;
    private readonly Tensor _places;             // target of each patch along _placeDirections, [N, 2 * Waves + 1]: where it lies, and that it is visual
    private readonly Tensor _placeDirections;    // [C, 2 * Waves + 1]
    private readonly Tensor _wordPlaces;         // [CharacterIndices, WordWaves]

    public Alignment(M3Model model, TokenNames names, ScalarType arithmetic, Device device)
    {
        (_model, _names, _arithmetic, _device) = (model, names, arithmetic, device);
        _pieces = tensor(names.Pieces.ToArray()).to(device);
        _directions = FixedDirections.Of(model.Config.Language.HiddenSize);
        _placeDirections = cat([_directions.Places, _directions.Visual.unsqueeze(1)], 1).to(device);
        var places = tensor([.. from patch in Enumerable.Range(0, DenseHeads.Patches)
                                from along in new[] { patch / DenseHeads.Grid, patch % DenseHeads.Grid }
                                from value in Cosines(along, DenseHeads.Grid, FixedDirections.Waves)
                                select value]).reshape(DenseHeads.Patches, 2 * FixedDirections.Waves);
        _places = cat([places, ones(DenseHeads.Patches, 1)], 1).to(device);
        _wordPlaces = tensor([.. Enumerable.Range(0, DenseHeads.CharacterIndices)
            .SelectMany(index => Cosines(index, DenseHeads.CharacterIndices, FixedDirections.WordWaves))]).reshape(DenseHeads.CharacterIndices, FixedDirections.WordWaves).to(device);
    }

    /// <param name="features">[B, N, Cv]</param>
    /// <param name="scenes">B scenes.</param>
    /// <param name="named">The names that their tokens are to be nearest to.</param>
    public Tensor Loss(Tensor features, IReadOnlyList<StoredScene> scenes, IReadOnlyList<PictureNames> named)
    {
        var projected = _model.Projector.call(features.to(_arithmetic));          // [B, N, C]
        return Enumerable.Range(0, _names.Pooled.Count).Aggregate(PatchLoss(projected, scenes, named), (loss, set) => loss + PooledLoss(projected, set, named));
    }

    private Tensor PatchLoss(Tensor projected, IReadOnlyList<StoredScene> scenes, IReadOnlyList<PictureNames> named)
    {
        var (rows, targets, anchors) = (new List<long>(), new List<long>(), new List<float>());
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
                targets.Add(named[b].Patches[n]);
                anchors.Add(scenes[b].Anchor[n] ? AnchorAmplitude : 0);
            }
        }

        var seen = _model.Language.Norm(projected.flatten(0, 1).index_select(0, Index(rows)));      // [R, C]
        var wide = seen.to(ScalarType.Float32);
        var loss = NameLoss(seen, targets)
            + DirectionLoss(wide, _placeDirections, _places.index_select(0, Index([.. rows.Select(row => row % DenseHeads.Patches)])))
            + DirectionLoss(wide, _directions.Anchor.unsqueeze(1), tensor(anchors.ToArray()).unsqueeze(1).to(_device));
        return characters.Count == 0 ? loss : loss + DirectionLoss(wide.index_select(0, Index(characters)), _directions.WordPlaces, _wordPlaces.index_select(0, Index(indices)));
    }

    private Tensor PooledLoss(Tensor projected, int set, IReadOnlyList<PictureNames> named)
    {
        var (rows, targets) = (new List<long>(), new List<long>());
        var scale = _names.Pooled[set];
        for (var b = 0; b < named.Count; b++)
        {
            for (var cell = 0; cell < scale.Tokens; cell++)
            {
                if (named[b].Pooled[set][cell] is not (>= 0 and var target)) continue;
                rows.Add(b * scale.Tokens + cell);
                targets.Add(target);
            }
        }

        if (rows.Count == 0) return zeros([], ScalarType.Float32).to(_device);
        var tokens = TokenPooling.Reduce(projected, scale).flatten(0, 1).index_select(0, Index(rows));
        return NameLoss(_model.Language.Norm(tokens), targets);
    }

    private Tensor NameLoss(Tensor seen, List<long> targets)
    {
        var names = _model.Language.Embed(_pieces).detach().to(seen.dtype);        // [M, C]
        return functional.cross_entropy(functional.linear(seen, names).to(ScalarType.Float32), Index(targets));
    }

    /// <summary>Mean squared difference of the tokens' components along the directions from the wanted ones.</summary>
    private Tensor DirectionLoss(Tensor tokens, Tensor directions, Tensor wanted) =>
        functional.mse_loss(tokens.matmul(directions.to(_device)) / Amplitude, wanted);

    private Tensor Index(List<long> values) => tensor(values.ToArray()).to(_device);

    private static IEnumerable<float> Cosines(int at, int of, int waves) =>
        Enumerable.Range(1, waves).Select(wave => (float)Math.Cos(Math.PI * wave * (at + 0.5) / of));
}
