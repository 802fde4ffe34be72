namespace M3.Adaptive.Training.DataGeneration.Scenes;

/// <summary>A kind of picture: draws one and asks all that it allows. Stateless.</summary>
internal interface ISceneKind
{
    string Name { get; }

    IReadOnlyList<string> Families { get; }

    void Paint(Easel easel);
}
