using M3.Adaptive.CommandLine;
using M3.Adaptive.Service.Tls;
using M3.Adaptive.TestKit.Certificates;
using M3.Adaptive.TestKit.Files;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace M3.Adaptive.Service.Tests.Tls;

public sealed class CertificateFilesTests : IDisposable
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly FakeLogger<CertificateFiles> _logger = new();
    private readonly OwnCertificate _own;

    public CertificateFilesTests() => _own = new OwnCertificate(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Current_FilesChange_IsTheNewOneASecondLater()
    {
        var first = _own.Renew();
        var files = Open();
        var second = _own.Renew();

        Assert.Equal(first, SerialOf(files));
        _clock.Advance(Later);
        Assert.Equal(second, SerialOf(files));
    }

    [Fact]
    public void Current_KeyNotWrittenYet_IsTheOneFromBeforeUntilItIs()
    {
        var first = _own.Renew();
        var files = Open();
        var (writeKey, second) = _own.RenewWithoutKey();

        _clock.Advance(Later);
        Assert.Equal(first, SerialOf(files));
        Assert.Contains(_own.File, Assert.Single(Faults).Message, StringComparison.Ordinal);
        _clock.Advance(Later);
        Assert.Equal(first, SerialOf(files));
        Assert.Single(Faults);                                                     // told once
        writeKey();
        _clock.Advance(Later);
        Assert.Equal(second, SerialOf(files));
    }

    [Fact]
    public void Current_FilesGone_IsTheOneFromBefore()
    {
        var first = _own.Renew();
        var files = Open();
        File.Delete(_own.KeyFile);

        _clock.Advance(Later);

        Assert.Equal(first, SerialOf(files));
        Assert.Single(Faults);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n")]
    public void Open_NoCertificate_NamesTheFile(string content)
    {
        _own.Renew();
        File.WriteAllText(_own.File, content);

        Assert.Contains(_own.File, Assert.Throws<CommandException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoSuchFile_NamesIt() => Assert.Contains(_own.File, Assert.Throws<CommandException>(Open).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_KeyOfAnother_NamesBoth()
    {
        _own.Renew();
        _own.RenewWithoutKey();

        Assert.Contains(_own.KeyFile, Assert.Throws<CommandException>(Open).Message, StringComparison.Ordinal);
    }

    private IEnumerable<FakeLogRecord> Faults => _logger.Collector.GetSnapshot().Where(static record => record.Level == LogLevel.Error);

    private CertificateFiles Open() => new(_own.File, _own.KeyFile, _clock, _logger);

    private static string SerialOf(CertificateFiles files) => files.Current.TargetCertificate.SerialNumber;
}
