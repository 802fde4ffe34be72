using System.Text.RegularExpressions;
using M3.Adaptive.Core;
using M3.Adaptive.Model.Network;
using M3.Adaptive.TestKit.Golden;
using TorchSharp;
using Xunit;

namespace M3.Adaptive.Model.Tests.Golden;

/// <summary>The picture's way through tower, projector and pooling, against the reference's tensors.</summary>
public sealed partial class VisionGoldenTests
{
    /// <summary>Tensors of the tower: every hidden state of one picture, the selected one of the others.</summary>
    public static IEnumerable<object[]> TowerTensors => Tensors(TowerName());

    /// <summary>Tensors of the projector.</summary>
    public static IEnumerable<object[]> ProjectedTensors => Tensors(ProjectedName());

    /// <summary>Tensors of pooling.</summary>
    public static IEnumerable<object[]> ReducedTensors => Tensors(ReducedName());

    [GoldenTheory]
    [MemberData(nameof(TowerTensors))]
    public void HiddenStates_GoldenPicture_EqualTheReference(string checkpoint, string name)
    {
        var network = GoldenNetwork.Of(checkpoint);
        var parts = TowerName().Match(name).Groups;
        var index = parts["index"].Success ? int.Parse(parts["index"].Value) : network.Golden.SelectedHiddenState;

        var states = network.Hidden(parts["picture"].Value);

        Near.Relative(network.Golden.Tensors.Floats(name), states[index], GoldenNetwork.Tolerances.LayersRelativeToLargest);
    }

    [GoldenTheory]
    [MemberData(nameof(ProjectedTensors))]
    public void Encode_GoldenPicture_EqualsTheReference(string checkpoint, string name)
    {
        using var scope = torch.NewDisposeScope();
        var network = GoldenNetwork.Of(checkpoint);
        var parts = ProjectedName().Match(name).Groups;

        var projected = network.Projected(parts["picture"].Value).squeeze(0);     // [576, C]

        var rows = projected.shape[0];
        var part = parts["part"].Value switch
        {
            "first8" => projected.narrow(0, 0, 8),
            "last8" => projected.narrow(0, rows - 8, 8),
            "sum" => projected.sum([0L]),
            _ => projected,
        };
        Near.Relative(network.Golden.Tensors.Floats(name), part, GoldenNetwork.Tolerances.LayersRelativeToLargest);
    }

    [GoldenTheory]
    [MemberData(nameof(ReducedTensors))]
    public void Reduce_GoldenPicture_EqualsTheReference(string checkpoint, string name)
    {
        using var scope = torch.NewDisposeScope();
        var network = GoldenNetwork.Of(checkpoint);
        var parts = ReducedName().Match(name).Groups;
        var way = parts["way"].Value == "average" ? "avg_pooling" : parts["way"].Value;
        var scale = VisualScale.Of(int.Parse(parts["scale"].Value));

        var reduced = TokenPooling.Reduce(network.Projected(parts["picture"].Value), scale, TokenPooling.Parse(way));

        Assert.Equal([1, .. network.Golden.Tensors.Shape(name)], reduced.shape);
        Near.Relative(network.Golden.Tensors.Floats(name), reduced, GoldenNetwork.Tolerances.LayersRelativeToLargest);
    }

    private static IEnumerable<object[]> Tensors(Regex name) =>
        from model in GoldenModel.All
        from tensor in model.Tensors.Names.Order(StringComparer.Ordinal)
        where name.IsMatch(tensor)
        select new object[] { model.Checkpoint.Name, tensor };

    [GeneratedRegex(@"^(?<picture>.+)\.vision\.(hidden\.(?<index>\d+)|selected)$")]
    private static partial Regex TowerName();

    [GeneratedRegex(@"^(?<picture>.+)\.projected(\.(?<part>first8|last8|sum))?$")]
    private static partial Regex ProjectedName();

    [GeneratedRegex(@"^(?<picture>.+)\.reduced\.(?<way>\w+)\.s(?<scale>\d+)$")]
    private static partial Regex ReducedName();
}
