namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>A kind of picture: draws one and writes down what it shows. Stateless.</summary>
internal interface ISceneKind
{
    string Name { get; }

    /// <summary>Families that are asked about what it shows.</summary>
    IReadOnlyList<string> Families { get; }

    void Paint(Easel easel);
}
