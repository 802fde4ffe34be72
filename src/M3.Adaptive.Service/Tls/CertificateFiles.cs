using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using M3.Adaptive.CommandLine;

namespace M3.Adaptive.Service.Tls;

/// <summary>
/// The server's certificate as two PEM files hold it, read again when they change: at a handshake, at most once a second. While what they hold is no certificate with its key, as between the writing
/// of one and of the other, the last good one serves and the fault is logged. Safe for concurrent use.
/// </summary>
internal sealed class CertificateFiles
{
    private static readonly TimeSpan TrustedFor = TimeSpan.FromSeconds(1);

    private readonly string _certificate, _key;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private SslStreamCertificateContext _current;
    private Pem _tried;
    private DateTimeOffset _readAt;
    private string? _told;

    /// <param name="certificate">File of the certificate and, after it, of those between it and its authority.</param>
    /// <param name="key">File of its private key, without a password.</param>
    /// <exception cref="CommandException">They cannot be read or hold no certificate with its key; the message names the files.</exception>
    public CertificateFiles(string certificate, string key, TimeProvider clock, ILogger<CertificateFiles> logger)
    {
        (_certificate, _key, _clock, _logger) = (certificate, key, clock, logger);
        try
        {
            (_tried, _readAt) = (Read(), clock.GetUtcNow());
            _current = _tried.Load();
        }
        catch (Exception fault) when (IsOfFiles(fault))
        {
            throw new CommandException(Explain(fault), cause: fault);
        }
    }

    /// <summary>What a handshake that begins now shows.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                var now = _clock.GetUtcNow();
                if (now - _readAt < TrustedFor) return _current;
                _readAt = now;
                Reload_NeedsLock();
                return _current;
            }
        }
    }

    // Each fault is told once, as handshakes are many.
    private void Reload_NeedsLock()
    {
        try
        {
            var found = Read();
            if (found == _tried) return;
            _tried = found;
            _current = found.Load();
            _told = null;
            ServiceLog.CertificateReloaded(_logger, _current.TargetCertificate.NotAfter);
        }
        catch (Exception fault) when (IsOfFiles(fault))
        {
            var story = Explain(fault);
            if (story != _told) ServiceLog.CertificateUnreadable(_logger, story);
            _told = story;
        }
    }

    private Pem Read() => new(File.ReadAllText(_certificate), File.ReadAllText(_key));

    private static bool IsOfFiles(Exception fault) => fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private string Explain(Exception fault) =>
        $"Server:Certificate {_certificate} and Server:CertificateKey {_key} cannot be used: {fault.Message.TrimEnd('.')}; both are PEM files, and the key has no password";

    // Compared by content: the times of files that links lead to say little.
    private readonly record struct Pem(string Certificate, string Key)
    {
        public SslStreamCertificateContext Load()
        {
            var others = new X509Certificate2Collection();
            others.ImportFromPem(Certificate);
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(Certificate, Key), others, offline: true);
        }
    }
}
