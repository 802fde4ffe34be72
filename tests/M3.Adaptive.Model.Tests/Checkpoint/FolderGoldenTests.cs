using M3.Adaptive.TestKit.Golden;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

public sealed class FolderGoldenTests
{
    [GoldenFact]
    public void Index_ListsWhatLiesInTheFolder()
    {
        var index = GoldenFolder.Index;

        Assert.NotEmpty(index.Checkpoints);
        Assert.All(index.Checkpoints, checkpoint =>
        {
            Assert.True(Directory.Exists(index.PathOf(checkpoint.Folder)), checkpoint.Folder);
            Assert.True(File.Exists(index.PathOf(checkpoint.Tensors)), checkpoint.Tensors);
        });
        Assert.InRange(index.Tolerances.LogitsAbsolute, 1e-9, 1);
        Assert.InRange(index.Tolerances.LayersRelativeToLargest, 1e-9, 1);
        Assert.NotEmpty(GoldenFolder.ReadJson(index.Tokenizer.Cases).AsObject());
    }
}
