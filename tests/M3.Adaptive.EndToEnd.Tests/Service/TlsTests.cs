using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Certificates;
using M3.Adaptive.TestKit.Serving.Checkpoints;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>The client's command against a service with a certificate of its own.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Status_OfAServiceWithItsOwnCertificate_TrustsItByOption()
    {
        var own = new OwnCertificate(_checkpoint.Folder);
        own.Renew();
        var settings = Path.Combine(_checkpoint.Folder, "settings.json");
        await File.WriteAllTextAsync(settings, $$"""{"Server": {"Certificate": "{{own.File}}", "CertificateKey": "{{own.KeyFile}}" } }""");
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder, "--settings", settings);
        var address = service.Address.GetLeftPart(UriPartial.Authority);

        var trusted = await Finished.DotNetAsync(BuiltProgram.Cli, "status", "--server", address, "--ca", own.File);
        var distrusted = await Finished.DotNetAsync(BuiltProgram.Cli, "status", "--server", address);
        var noCertificate = await Finished.DotNetAsync(BuiltProgram.Cli, "status", "--server", address, "--ca", settings);
        var askedDistrusted = await Finished.DotNetAsync(BuiltProgram.Cli, "ask", settings, "what is it", "--server", address);

        Assert.StartsWith("https://127.0.0.1:", address, StringComparison.Ordinal);
        Assert.Equal((0, 2, 2), (trusted.ExitCode, distrusted.ExitCode, noCertificate.ExitCode));
        Assert.All([distrusted, askedDistrusted], static ended => Assert.Contains("--ca", ended.Error, StringComparison.Ordinal));
        Assert.Contains(settings, noCertificate.Error, StringComparison.Ordinal);
    }
}
