using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.EndToEnd.Tests.Script;

/// <summary><c>training/gpu-bundle.sh</c>: what it packs trains where there is no .NET. Debian's libtorch stands in for a CUDA PyTorch's.</summary>
public sealed class GpuBundleTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);
    private static readonly string Script = Path.Combine(RepositoryRoot.Path, "training", "gpu-bundle.sh");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gpu bundle ");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Trait("Duration", "Long")]
    public async Task Bundle_UnpackedWhereThereIsNoDotNet_TrainsAndExports()
    {
        var archive = Path.Combine(_folder.FullName, "bundle.tar.xz");
        var packed = await PatientAsync(Script, "--out", archive);
        Assert.True(packed.ExitCode == 0, packed.Error);
        Assert.Equal(0, (await PatientAsync("tar", "-xJf", archive, "-C", _folder.FullName)).ExitCode);

        var model = Path.Combine(_folder.FullName, "model");
        var trained = await PatientAsync(
            "env", "-i", "PATH=/usr/bin:/bin", "M3_LIBTORCH=/usr", Path.Combine(_folder.FullName, "m3-gpu-bundle", "train.sh"), "--smoke", "--device", "cpu", "--out", model);

        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.True(File.Exists(Path.Combine(model, "model.safetensors")));
    }

    /// <summary>Minutes of work, behind everybody else's: other tests that run beside it have clocks.</summary>
    private static Task<Finished> PatientAsync(string program, params string[] arguments) => Finished.RunAsync("nice", ["-n", "19", program, .. arguments], limit: Limit);

    [Fact]
    public async Task WrongUse_SaysHowToUseItAndFails()
    {
        var ended = await Finished.RunAsync(Script, ["--unheard-of"]);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("Usage: training/gpu-bundle.sh", ended.Error, StringComparison.Ordinal);
    }
}
