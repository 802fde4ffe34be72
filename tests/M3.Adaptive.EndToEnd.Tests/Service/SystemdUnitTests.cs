using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Files;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>The unit for systemd, as systemd itself reads it.</summary>
public sealed class SystemdUnitTests
{
    private const string Program = "/usr/bin/dotnet";

    private static readonly string Unit = Path.Combine(RepositoryRoot.Path, "src", "M3.Adaptive.Service", "Hosting", "m3-adaptive.service");

    [SystemdFact]
    public async Task Unit_AsShipped_IsWhatSystemdExpects()
    {
        var ended = await VerifyAsync(static text => text);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Output + ended.Error));
    }

    [SystemdFact]
    public async Task Unit_WithAWrongWord_IsNotAccepted()
    {
        var ended = await VerifyAsync(static text => text.Replace("RestartSec=2", "RestartSec=soon", StringComparison.Ordinal));

        Assert.Contains("soon", ended.Error, StringComparison.Ordinal);
    }

    // Wherever this machine's runtime lies, the unit names the place of Debian's package.
    private static async Task<Finished> VerifyAsync(Func<string, string> change)
    {
        using var folder = new TemporaryFolder();
        var text = await File.ReadAllTextAsync(Unit);
        Assert.Contains($"ExecStart={Program} ", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.Combine("m3-adaptive.service"), change(text.Replace(Program, Environment.ProcessPath, StringComparison.Ordinal)));
        return await Finished.RunAsync(SystemdFactAttribute.Tool, ["verify", "--man=no", folder.Combine("m3-adaptive.service")]);
    }

    /// <summary>Skipped where systemd is not installed; <c>./m3 test</c> installs it.</summary>
    private sealed class SystemdFactAttribute : FactAttribute
    {
        public const string Tool = "/usr/bin/systemd-analyze";

        public SystemdFactAttribute() => Skip = File.Exists(Tool) ? null : $"{Tool} is missing: apt-get install systemd";
    }
}
