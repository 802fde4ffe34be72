using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using M3.Adaptive.Cli.Connection;

namespace M3.Adaptive.Cli.Commands;

/// <summary>The key that is shown, and whose certificates are trusted.</summary>
internal sealed class CredentialArguments
{
    private readonly KeyArgument _key = new();

    private readonly Option<string?> _authority = new("--ca")
    {
        Description = "PEM file of the authority that signed the certificate of an https:// service, or of the certificate itself (else those that this machine trusts).",
        HelpName = "FILE",
    };

    public IEnumerable<Option> Options => [_key.Option, _authority];

    /// <exception cref="CommandException">The file holds no certificate.</exception>
    public Credentials Read(ParseResult parsed) => new(_key.Read(parsed), parsed.GetValue(_authority) is { } file ? Certificates(file) : null);

    private static X509Certificate2Collection Certificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandException($"the certificates in {file} cannot be read: {fault.Message}", cause: fault);
        }

        return certificates.Count > 0 ? certificates : throw new CommandException($"{file} holds no certificate: name a PEM file, which has lines such as -----BEGIN CERTIFICATE-----");
    }
}
