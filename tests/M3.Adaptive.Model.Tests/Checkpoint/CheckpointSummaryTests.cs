using M3.Adaptive.Model.Checkpoint;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

public sealed class CheckpointSummaryTests : IDisposable
{
    private readonly TemporaryFolder _temp = new();
    private readonly string _folder;

    public CheckpointSummaryTests() => TinyCheckpoint.Write(_folder = _temp.Combine("tiny"), type: TensorType.BFloat16);

    [Fact]
    public void Of_Folder_SumsUpItsParts()
    {
        var summary = CheckpointSummary.Of(_folder);

        Assert.Equal(("tiny", _folder, 340, 336), (summary.Name, summary.Folder, summary.Pieces, summary.InputSize));
        Assert.Equal(ModelTensors.Of(TinyCheckpoint.Config).Sum(tensor => tensor.Shape.Aggregate(1L, (product, extent) => product * extent)), summary.Parameters);
        Assert.Equal((8 * 8 + 8) * 2, summary.ProjectorParameters);
        Assert.Equal(ModelTensors.Of(TinyCheckpoint.Config).Count(), summary.StoredTypes["BF16"]);
        Assert.Equal(new FileInfo(Path.Combine(_folder, "model.safetensors")).Length, summary.Files["model.safetensors"]);
        Assert.Equal(0, summary.UnusedTensors);
    }

    [Fact]
    public void Of_SpoiltFolder_NamesEveryTensor()
    {
        TinyCheckpoint.Rewrite(_folder, tensor => tensor.Name switch
        {
            "model.norm.weight" => [],
            "lm_head.weight" => [tensor with { Shape = [8, 350] }],
            "model.embed_tokens.weight" => [tensor, tensor with { Name = "model.layers.9.input_layernorm.weight" }],
            _ => [tensor],
        });

        var fault = Assert.Throws<CheckpointException>(() => CheckpointSummary.Of(_folder));

        Assert.Equal(3, fault.Faults.Count);
        Assert.Contains("norm.weight is missing", fault.Message);
        Assert.Contains("lm_head.weight in model.safetensors is BF16 [8, 350]: expected [350, 8]", fault.Message);
        Assert.Contains("model.layers.9.input_layernorm.weight in model.safetensors is extra", fault.Message);
    }

    public void Dispose() => _temp.Dispose();
}
