using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.ModelTraining;
using Xunit;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.Tests.ModelTraining;

public sealed class TextSampleTests
{
    private const int Patches = 576;

    [Fact]
    public void Draw_LittleText_ShowsAllOfItInOrder()
    {
        var scene = Scene([100, 101, 102, 400]);

        var sample = TextSample.Draw(scene, 144, new SeededRandom(1));

        Assert.Equal(144, sample.Distinct().Count());
        Assert.Superset(new HashSet<long> { 100, 101, 102, 400 }, sample.ToHashSet());
        Assert.Equal(sample.Order(), sample);
    }

    [Fact]
    public void Draw_MoreTextThanRoom_ShowsTextAlone()
    {
        var text = Enumerable.Range(50, 300).ToArray();

        var sample = TextSample.Draw(Scene(text), 144, new SeededRandom(1));

        Assert.Subset(text.Select(patch => (long)patch).ToHashSet(), sample.ToHashSet());
        Assert.NotEqual(sample, TextSample.Draw(Scene(text), 144, new SeededRandom(2)));
    }

    [Fact]
    public void Draw_MoreTextThanRoom_KeepsEveryAnchor()
    {
        var scene = Scene([.. Enumerable.Range(50, 300)]);
        foreach (var anchor in new[] { 3, 60, 340 }) scene.Anchor[anchor] = true;

        var sample = TextSample.Draw(scene, 144, new SeededRandom(1));

        Assert.Superset(new HashSet<long> { 3, 60, 340 }, sample.ToHashSet());
    }

    [Fact]
    public void Holds_AsManyAnchorsAsTokens_IsTheLimit()
    {
        var scene = Scene([.. Enumerable.Range(50, 300)]);
        foreach (var anchor in new[] { 3, 60, 340 }) scene.Anchor[anchor] = true;

        Assert.True(TextSample.Holds(scene, 3));
        Assert.False(TextSample.Holds(scene, 2));
    }

    [Fact]
    public void Take_TwoPictures_TakesEachOnesPatches()
    {
        var features = arange(2 * Patches, ScalarType.Float32).reshape(2, Patches, 1);

        var taken = TextSample.Take(features, [[0, 5], [7, 9]]);

        Assert.Equal([0f, 5f, Patches + 7f, Patches + 9f], taken.data<float>().ToArray());
    }

    private static StoredScene Scene(int[] text)
    {
        var index = new sbyte[Patches];
        Array.Fill(index, (sbyte)-1);
        foreach (var patch in text) index[patch] = 0;
        return new("sign", [], new short[Patches], index, new bool[Patches], new byte[3 * Patches]);
    }
}
