using M3.Adaptive.Core;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>The names of one picture's tokens: indices into <see cref="TokenNames.Pieces"/>; -1 where nothing is large enough to be named.</summary>
/// <param name="Patches">Of each patch, 576.</param>
/// <param name="Pooled">Of each token of the pooled sets of <see cref="TokenNames.Pooled"/>.</param>
internal sealed record PictureNames(short[] Patches, short[][] Pooled);

/// <summary>
/// The names of what patches show: the first piece of the concept's name, the character, else the colour, of a bar, too. A pooled token is
/// named by the thing that covers most of its cell.
/// </summary>
internal sealed class TokenNames
{
    private const int ShadesOfAColour = 12;      // a patch bears the name of the nearest of them
    private const double LeastShare = 1 / 12.0;  // of its cell that an object covers to be named by the pooled token
    private const double LeastText = 0.5;        // the same of a character, which has others beside it

    private readonly short[] _nameOfClass;       // places in Pieces
    private readonly (short Name, float[] Rgb)[] _colours;

    /// <param name="tokenizer">Whose pieces are the names.</param>
    /// <param name="pooled">Coarse sets whose tokens are named, too.</param>
    public TokenNames(SentencePieceTokenizer tokenizer, IReadOnlyList<VisualScale> pooled)
    {
        // A spelled name begins with the lone space piece, which names nothing: what follows is taken.
        long First(string text) => tokenizer.Encode(text) is [var only] ? only : tokenizer.Encode(text) is [var space, var next, ..] && tokenizer.Piece(space) == "\u2581" ? next : tokenizer.Encode(text)[0];
        var pieces = PatchClasses.Names.Concat(Palette.Names).Select(First).Distinct().ToList();
        short NameOf(string text) => (short)pieces.IndexOf(First(text));
        (Pieces, Pooled) = (pieces, pooled);
        _nameOfClass = [.. PatchClasses.Names.Select(NameOf)];
        var random = new SeededRandom(1);
        _colours = [.. from name in Palette.Names
                       from _ in Enumerable.Range(0, ShadesOfAColour)
                       let shade = Palette.Shade(name, random)
                       select (NameOf(name), new[] { shade.Red / 255f, shade.Green / 255f, shade.Blue / 255f })];
    }

    /// <summary>Ids of the pieces that a patch may be named.</summary>
    public IReadOnlyList<long> Pieces { get; }

    public IReadOnlyList<VisualScale> Pooled { get; }

    public PictureNames Of(StoredScene scene)
    {
        short[] patches = [.. Enumerable.Range(0, DenseHeads.Patches).Select(patch => Name(scene, patch))];
        return new(patches, [.. Pooled.Select(scale =>
            Enumerable.Range(0, scale.Tokens).Select(cell => Name(scene, patches, cell / scale.Side, cell % scale.Side, DenseHeads.Grid / scale.Side)).ToArray())]);
    }

    /// <summary>What most of a cell's marked patches show; -1 when that is too little to be seen.</summary>
    private static short Name(StoredScene scene, short[] patches, int row, int column, int side)
    {
        var cell = (from y in Enumerable.Range(row * side, side) from x in Enumerable.Range(column * side, side) select y * DenseHeads.Grid + x).ToArray();
        var marked = cell.Where(patch => scene.PatchClass[patch] != PatchClasses.Background).GroupBy(patch => scene.PatchClass[patch]).MaxBy(group => group.Count());
        if (marked is null) return patches[cell[0]];
        var text = marked.Key >= PatchClasses.FirstCharacter && marked.Key < PatchClasses.Bar;
        return marked.Count() >= (text ? LeastText : LeastShare) * side * side ? patches[marked.First()] : (short)-1;
    }

    private short Name(StoredScene scene, int patch)
    {
        var named = scene.PatchClass[patch];
        if (named != PatchClasses.Background && named != PatchClasses.Bar) return _nameOfClass[named];
        var rgb = scene.PatchRgb.AsSpan(patch * 3, 3);
        var (best, nearest) = ((short)0, float.MaxValue);
        foreach (var (name, colour) in _colours)
        {
            var (r, g, b) = (rgb[0] / 255f - colour[0], rgb[1] / 255f - colour[1], rgb[2] / 255f - colour[2]);
            var distance = r * r + g * g + b * b;
            if (distance < nearest) (best, nearest) = (name, distance);
        }

        return best;
    }
}
