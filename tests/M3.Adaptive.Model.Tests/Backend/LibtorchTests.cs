using M3.Adaptive.Model.Backend;
using Xunit;

namespace M3.Adaptive.Model.Tests.Backend;

public sealed class LibtorchTests
{
    [Fact]
    public void Require_ThisMachine_LoadsLibtorch() => Libtorch.Require();

    [Theory]
    [InlineData(
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies.\n/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)\n",
        "GLIBCXX_3.4.32", "libstdc++6")]
    [InlineData(
        "Unable to load shared library 'torch_cpu' or one of its dependencies.\n/app/torch_cpu.so: cannot open shared object file: No such file or directory\nlibgomp-98b21ff3.so.1: cannot open shared object file: No such file or directory\n/app/torch_cpu: cannot open shared object file: No such file or directory\n",
        "(libgomp-98b21ff3.so.1: cannot open", "build")]
    [InlineData(
        "Unable to load shared library 'torch_cpu' or one of its dependencies.\n/app/torch_cpu.so: cannot open shared object file: No such file or directory\n/app/libtorch_cpu.so: file too short\n/app/torch_cpu: cannot open shared object file: No such file or directory\n",
        "(/app/libtorch_cpu.so: file too short)", "build")]
    [InlineData(
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies.\n/app/LibTorchSharp.so: cannot open shared object file: No such file or directory\n/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /app/libLibTorchSharp.so)\n",
        "GLIBC_2.38", "build")]
    [InlineData(
        "Unable to load shared library 'torch_cpu' or one of its dependencies.\n/app/torch_cpu.so: cannot open shared object file: No such file or directory\n/app/libtorch_cpu.so: cannot open shared object file: No such file or directory\n",
        "(its files are missing beside the program)", "build")]
    [InlineData("Unable to load shared library 'torch_cpu'.", "missing beside the program", "build")]
    public void Explain_LoadersMessage_IsOneLineWithCauseAndRemedy(string loaderMessage, string cause, string remedy)
    {
        var message = new LibtorchException(new DllNotFoundException(loaderMessage)).Message;

        Assert.DoesNotContain('\n', message);
        Assert.Contains(cause, message, StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }
}
