using M3.Adaptive.Model.Network;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// LLaVA's first stage, made dense: a projected patch is nearest to the embedding of what lies there (<see cref="SpokenNames"/>). It also says,
/// in fixed directions, that it is visual, where it lies, whether it is the anchor of a thing and, of a character, its place in its word: what should
/// be found or counted by these must say them aloud. A pooled token names the object in its cell, so objects grow louder than the background
/// that they are averaged with.
/// </summary>
/// <remarks>
/// Only the projector learns from it. Embeddings that learnt, too, would drift together, since each is pushed from every patch that
/// it does not name, and texts would look alike to the decoder.
/// </remarks>
internal sealed class Alignment
{
    private const double Loudness = 4;           // of a wave, where a token's length is the root of the decoder's width
    private const float AnchorLoudness = 2;      // beside a wave's: one patch in 16 must be told after pooling

    private readonly M3Model _model;
    private readonly ScalarType _arithmetic;
    private readonly Device _device;
    private readonly SpokenNames _names;
    private readonly Tensor _pieces;             // [M]
    private readonly FixedDirections _directions;
    private readonly Tensor _places;             // what a patch says along its directions, [N, 2 * Waves + 1]: where it lies, and that it is visual
    private readonly Tensor _placeDirections;    // [C, 2 * Waves + 1]
    private readonly Tensor _wordPlaces;         // [CharacterIndices, WordWaves]

    public Alignment(M3Model model, SpokenNames names, ScalarType arithmetic, Device device)
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
    /// <param name="spoken">What their tokens should say.</param>
    public Tensor Loss(Tensor features, IReadOnlyList<StoredScene> scenes, IReadOnlyList<SpokenPatches> spoken)
    {
        var projected = _model.Projector.call(features.to(_arithmetic));          // [B, N, C]
        return Enumerable.Range(0, _names.Pooled.Count).Aggregate(PatchLoss(projected, scenes, spoken), (loss, set) => loss + PooledLoss(projected, set, spoken));
    }

    private Tensor PatchLoss(Tensor projected, IReadOnlyList<StoredScene> scenes, IReadOnlyList<SpokenPatches> spoken)
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
                targets.Add(spoken[b].Patches[n]);
                anchors.Add(scenes[b].Anchor[n] ? AnchorLoudness : 0);
            }
        }

        var seen = _model.Language.Norm(projected.flatten(0, 1).index_select(0, Index(rows)));      // [R, C]
        var said = seen.to(ScalarType.Float32);
        var loss = Named(seen, targets)
            + Said(said, _placeDirections, _places.index_select(0, Index([.. rows.Select(row => row % DenseHeads.Patches)])))
            + Said(said, _directions.Anchor.unsqueeze(1), tensor(anchors.ToArray()).unsqueeze(1).to(_device));
        return characters.Count == 0 ? loss : loss + Said(said.index_select(0, Index(characters)), _directions.WordPlaces, _wordPlaces.index_select(0, Index(indices)));
    }

    private Tensor PooledLoss(Tensor projected, int set, IReadOnlyList<SpokenPatches> spoken)
    {
        var (rows, targets) = (new List<long>(), new List<long>());
        var scale = _names.Pooled[set];
        for (var b = 0; b < spoken.Count; b++)
        {
            for (var cell = 0; cell < scale.Tokens; cell++)
            {
                if (spoken[b].Pooled[set][cell] is not (>= 0 and var target)) continue;
                rows.Add(b * scale.Tokens + cell);
                targets.Add(target);
            }
        }

        if (rows.Count == 0) return zeros([], ScalarType.Float32).to(_device);
        var tokens = TokenPooling.Reduce(projected, scale).flatten(0, 1).index_select(0, Index(rows));
        return Named(_model.Language.Norm(tokens), targets);
    }

    private Tensor Named(Tensor seen, List<long> targets)
    {
        var names = _model.Language.Embed(_pieces).detach().to(seen.dtype);        // [M, C]
        return functional.cross_entropy(functional.linear(seen, names).to(ScalarType.Float32), Index(targets));
    }

    /// <summary>How far what the tokens say along the directions is from what they should.</summary>
    private Tensor Said(Tensor tokens, Tensor directions, Tensor wanted) =>
        functional.mse_loss(tokens.matmul(directions.to(_device)) / Loudness, wanted);

    private Tensor Index(List<long> values) => tensor(values.ToArray()).to(_device);

    private static IEnumerable<float> Cosines(int at, int of, int waves) =>
        Enumerable.Range(1, waves).Select(wave => (float)Math.Cos(Math.PI * wave * (at + 0.5) / of));
}
