using System.Security.Cryptography.X509Certificates;

namespace M3.Adaptive.Client;

/// <summary>Which services are asked, and how patiently.</summary>
public sealed class M3ClientOptions
{
    /// <summary>Where services of the same model answer over gRPC, such as <c>http://127.0.0.1:50051</c>: one or more, asked in turn.</summary>
    public IList<Uri> Addresses { get; } = [];

    /// <summary>Key that is shown with every call; null shows none.</summary>
    public string? Key { get; set; }

    /// <summary>Time that a call may take, all its attempts together; more than zero.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Attempts of one call at most, 1 or more: 1 tries nothing again.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>How long is waited before an attempt at most; a service that asks for more patience is not tried again.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whose signature a service's certificate must bear; null trusts those that this machine does.</summary>
    public X509Certificate2Collection? Authorities { get; set; }

    /// <exception cref="InvalidOperationException">A value is missing or out of range; the message names it.</exception>
    internal void ThrowIfWrong()
    {
        if (Addresses.Count == 0) throw new InvalidOperationException($"{nameof(M3ClientOptions)}.{nameof(Addresses)} is empty; add one such as http://127.0.0.1:50051.");
        if (Addresses.FirstOrDefault(static address => address is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) is { } wrong)
            throw new InvalidOperationException($"{nameof(M3ClientOptions)}.{nameof(Addresses)} has {wrong}; expected an address such as http://127.0.0.1:50051.");
        if (Timeout <= TimeSpan.Zero) throw new InvalidOperationException($"{nameof(M3ClientOptions)}.{nameof(Timeout)} is {Timeout}; expected more than zero.");
        if (MaxAttempts < 1) throw new InvalidOperationException($"{nameof(M3ClientOptions)}.{nameof(MaxAttempts)} is {MaxAttempts}; expected 1 or more.");
    }
}
