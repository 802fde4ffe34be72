using M3.Adaptive.Training.DataGeneration.Drawing;

namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>A kind of picture, or of a part of one: draws it and writes down what it shows. Stateless.</summary>
internal interface ISceneKind
{
    string Name { get; }

    /// <summary>Families that are asked about what it shows.</summary>
    IReadOnlyList<string> Families { get; }

    /// <summary>Ways of laying it out, two of them held out.</summary>
    IReadOnlyList<Layout> Layouts { get; }

    /// <summary>Draws into a room of the picture.</summary>
    /// <returns>False when nothing legible finds a place there; the picture is then given up.</returns>
    bool Paint(Easel easel, Box room, Layout layout);
}
