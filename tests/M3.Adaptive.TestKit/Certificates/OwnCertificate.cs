using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace M3.Adaptive.TestKit.Certificates;

/// <summary>A certificate of the loopback address that signed itself, as two PEM files of a folder.</summary>
public sealed class OwnCertificate(string folder)
{
    public string File { get; } = Path.Combine(folder, "certificate.pem");

    public string KeyFile { get; } = Path.Combine(folder, "key.pem");

    /// <summary>Puts a new one into the files.</summary>
    /// <returns>Its serial number.</returns>
    public string Renew()
    {
        var (certificate, key, serial) = Make();
        System.IO.File.WriteAllText(File, certificate);
        System.IO.File.WriteAllText(KeyFile, key);
        return serial;
    }

    /// <summary>Puts only a new certificate into its file, and so one that its key does not belong to.</summary>
    /// <returns>What puts the key beside it, and the certificate's serial number.</returns>
    public (Action WriteKey, string Serial) RenewWithoutKey()
    {
        var (certificate, key, serial) = Make();
        System.IO.File.WriteAllText(File, certificate);
        return (() => System.IO.File.WriteAllText(KeyFile, key), serial);
    }

    private static (string Certificate, string Key, string Serial) Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=m3 test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), certificate.SerialNumber);
    }
}
