using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.TestKit.Golden;
using Xunit;

namespace M3.Adaptive.Model.Tests.Checkpoint;

/// <summary>Checkpoint folders as people have them.</summary>
public sealed class CheckpointCaseTests : IDisposable
{
    private readonly TemporaryFolder _temp = new();

    [CaseTheory]
    [InlineData("config-json-with-bom/c67-config-bom", "3cc5d7e8ba34cb77ec14b55873a7eb4844ac05b9beb6cfe85b9a29de679edfe1")]
    [InlineData("processor-config-nested/c71-processor_config-nested-mean05", "be32daac4ef5420e4ec8f6e1db1e50a34f4fdd459feec94379522bd7cf54aa11")]
    [InlineData("rope-parameters-without-theta/c86-rope_parameters-no-theta", "663302b77c4d5980c1122dbfc77b95bfb8492b15caaf00e15afb66a26230cb72")]
    [InlineData("rope-scaling-default/c43-rope-default-type", "663302b77c4d5980c1122dbfc77b95bfb8492b15caaf00e15afb66a26230cb72")]
    [InlineData("model-type-llava-original-keys/c51-old-model_type-llava", "3cc5d7e8ba34cb77ec14b55873a7eb4844ac05b9beb6cfe85b9a29de679edfe1")]
    [InlineData("tower-names-without-vision_model/c77-llava5-tower-no-vm", "3cc5d7e8ba34cb77ec14b55873a7eb4844ac05b9beb6cfe85b9a29de679edfe1")]
    public void Of_CaseThatIsWhole_HasTheHashOfItsPlainForm(string folder, string hash) =>
        Assert.Equal(hash, CheckpointSummary.Of(CaseFolder.PathOf(folder)).Hash);

    [CaseTheory]
    [InlineData("git-lfs-pointers/c23-tokenizer-lfs", "tokenizer.model: this is a git-lfs pointer and not the file itself: run git lfs pull in its folder")]
    [InlineData("lora-only-folder/c27-lora-only", "this is an adapter (LoRA) and no model: merge it into its base liuhaotian/llava-v1.5-7b first")]
    [InlineData("missing-shard/c31-missing-shard", "model-00002-of-00003.safetensors does not exist (11 tensors)")]
    [InlineData("no-vision-tower/c26-no-tower-no-vision_config", "the vision tower (openai/clip-vit-large-patch14-336) is not in the folder")]
    [InlineData("git-lfs-pointers/c33-lfs-shard", "model-00002-of-00003.safetensors: this is a git-lfs pointer and not the file itself: run git lfs pull in its folder")]
    [InlineData("rope-parameters-per-layer/c87-rope_parameters-per-layer", "text_config.rope_parameters.full_attention is {\"rope_theta\":50000.0,\"rope_type\":\"default\"}: expected none")]
    [InlineData("rope-parameters-type-key/c85-rope_parameters-type-linear", "text_config.rope_parameters.type is \"linear\": expected default")]
    public void Of_CaseThatCannotBeRun_IsRefusedInOneSentence(string folder, string expected)
    {
        var fault = Assert.Throws<CheckpointException>(() => CheckpointSummary.Of(CaseFolder.PathOf(folder)));

        Assert.Single(fault.Faults);
        Assert.Contains(expected, fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [CaseTheory]
    [InlineData("hf-cache-symlinks/c38-hf-cache", "models--mucai--tiny/snapshots/05cfb55abcdef", "663302b77c4d5980c1122dbfc77b95bfb8492b15caaf00e15afb66a26230cb72")]
    public void Of_HuggingFaceCache_HasTheBlobsSizesAndTheHashOfItsPlainForm(string cache, string snapshot, string hash)
    {
        var summary = CheckpointSummary.Of(Path.Combine(CopyWithLinks(CaseFolder.PathOf(cache)), snapshot));

        Assert.Equal(hash, summary.Hash);
        Assert.Equal([180_432, 79_528, 124_200], summary.Files.OrderBy(file => file.Key).Select(file => file.Value));
    }

    public void Dispose() => _temp.Dispose();

    // Where links were lost on the way, a snapshot's file holds the text of its link's target.
    private string CopyWithLinks(string cache)
    {
        var copy = _temp.Combine("cache");
        foreach (var file in Directory.EnumerateFiles(cache, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(cache, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);      // a file's path has a folder
            if (file.Contains("/blobs/")) File.Copy(file, target);
            else File.CreateSymbolicLink(target, new FileInfo(file).LinkTarget ?? File.ReadAllText(file));
        }

        return copy;
    }
}
