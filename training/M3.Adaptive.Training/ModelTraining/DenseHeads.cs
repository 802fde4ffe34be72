using M3.Adaptive.Training.DataGeneration;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>
/// What stands in for CLIP's pre-training: every patch names what covers it. One linear layer on the tower's features gives
/// class, index of the character in its word, mean colour, row and column, and whether the patch is an anchor.
/// </summary>
internal sealed class DenseHeads : Module<Tensor, Tensor>
{
    public const int CharacterIndices = 9, Colours = 3, Anchors = 2, Grid = 24, Patches = Grid * Grid;

    private readonly Linear head;

    public DenseHeads(int width) : base(nameof(DenseHeads))
    {
        head = Linear(width, PatchClasses.Count + CharacterIndices + Colours + 2 * Grid + Anchors);
        RegisterComponents();
    }

    /// <returns>[B * N, outputs] in float32</returns>
    public override Tensor forward(Tensor features) =>
        functional.linear(features, head.weight!.to(features.dtype), head.bias!.to(features.dtype)).flatten(0, 1).to(ScalarType.Float32);
}

/// <summary>Targets of a batch of pictures, one row a patch.</summary>
internal sealed record DenseTargets(Tensor Class, Tensor CharacterIndex, Tensor MeanRgb, Tensor Row, Tensor Column, Tensor Anchor)
{
    public static DenseTargets Of(IReadOnlyList<LabelledPicture> pictures, Device device)
    {
        var rows = pictures.Count * DenseHeads.Patches;
        var (classes, indices, colours, anchors) = (new long[rows], new long[rows], new float[rows * 3], new long[rows]);
        for (var b = 0; b < pictures.Count; b++)
        {
            var start = b * DenseHeads.Patches;
            for (var n = 0; n < DenseHeads.Patches; n++)
            {
                classes[start + n] = pictures[b].Labels.Class[n];
                indices[start + n] = pictures[b].Labels.CharacterIndex[n] is >= 0 and var index ? index : -100;   // -100: no target
                anchors[start + n] = pictures[b].Labels.Anchor[n] ? 1 : 0;
            }

            pictures[b].MeanRgb.CopyTo(colours, start * 3);
        }

        var places = arange(rows, ScalarType.Int64) % DenseHeads.Patches;
        return new(On(tensor(classes)), On(tensor(indices)), On(tensor(colours).reshape(rows, 3)), On(places.floor_divide(DenseHeads.Grid)), On(places % DenseHeads.Grid), On(tensor(anchors)));

        Tensor On(Tensor values) => values.to(device);
    }
}

/// <summary>The loss of stage 1 and the accuracies that go with it.</summary>
internal static class DenseLoss
{
    /// <summary>Background is most of a picture: its patches count a fifth.</summary>
    private const float BackgroundWeight = 0.2f;

    private static readonly float[] AnchorWeights = [BackgroundWeight, 1];

    private static readonly float[] ClassWeights = [BackgroundWeight, .. Enumerable.Repeat(1f, PatchClasses.Count - 1)];

    /// <summary>class + 0.3 index + 0.3 colour + 0.1 (row + column) + 0.3 anchor.</summary>
    public static (Tensor Total, Tensor Class) Of(Tensor outputs, DenseTargets targets)
    {
        var parts = Split(outputs);
        var classLoss = functional.cross_entropy(parts[0], targets.Class, tensor(ClassWeights).to(outputs.device));
        var indexLoss = functional.cross_entropy(parts[1], targets.CharacterIndex, null, -100);
        var colourLoss = functional.mse_loss(parts[2], targets.MeanRgb);
        var placeLoss = functional.cross_entropy(parts[3], targets.Row) + functional.cross_entropy(parts[4], targets.Column);
        var anchorLoss = functional.cross_entropy(parts[5], targets.Anchor, tensor(AnchorWeights).to(outputs.device));
        return (classLoss + 0.3 * indexLoss + 0.3 * colourLoss + 0.1 * placeLoss + 0.3 * anchorLoss, classLoss);
    }

    /// <summary>Shares of patches named right: icons, characters, the characters' indices, and of the patches that are or are taken for anchors.</summary>
    public static (double Icons, double Characters, double Indices, double Anchors) Accuracy(Tensor outputs, DenseTargets targets)
    {
        var parts = Split(outputs);
        var right = parts[0].argmax(1).eq(targets.Class);
        var icon = targets.Class.gt(0).logical_and(targets.Class.lt(PatchClasses.FirstCharacter));
        var character = targets.CharacterIndex.ge(0);
        var (anchor, taken) = (targets.Anchor.gt(0), parts[5].argmax(1).gt(0));
        return (Share(right, icon), Share(right, character), Share(parts[1].argmax(1).eq(targets.CharacterIndex), character),
            Share(anchor.logical_and(taken), anchor.logical_or(taken)));
    }

    private static double Share(Tensor right, Tensor among)
    {
        var count = among.sum().ToInt64();
        return count == 0 ? double.NaN : right.logical_and(among).sum().ToInt64() / (double)count;
    }

    private static Tensor[] Split(Tensor outputs) =>
        outputs.split([PatchClasses.Count, DenseHeads.CharacterIndices, DenseHeads.Colours, DenseHeads.Grid, DenseHeads.Grid, DenseHeads.Anchors], 1);
}
