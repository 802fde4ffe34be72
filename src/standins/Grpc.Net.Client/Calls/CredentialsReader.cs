using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>Takes credentials apart: what the transport must be, and who adds headers to calls.</summary>
internal static class CredentialsReader
{
    /// <summary>The call credentials within a channel's; the rest must suit the address.</summary>
    /// <exception cref="InvalidOperationException">TLS credentials for a plain address, or the reverse.</exception>
    public static IReadOnlyList<AsyncAuthInterceptor> Read(ChannelCredentials? credentials, Uri address)
    {
        if (credentials is null) return [];
        var parts = new ChannelParts();
        credentials.InternalPopulateConfiguration(parts, parts);
        return parts.IsSecure == (address.Scheme == Uri.UriSchemeHttps)
            ? parts.Interceptors
            : throw new InvalidOperationException($"The channel's credentials are {(parts.IsSecure ? "TLS" : "insecure")} and its address is '{address}'.");
    }

    /// <summary>The functions within call credentials, in order.</summary>
    public static IReadOnlyList<AsyncAuthInterceptor> Read(CallCredentials? credentials)
    {
        if (credentials is null) return [];
        var parts = new CallParts();
        credentials.InternalPopulateConfiguration(parts, null);
        return parts.Interceptors;
    }

    private sealed class ChannelParts : ChannelCredentialsConfiguratorBase
    {
        public bool IsSecure { get; private set; }

        public List<AsyncAuthInterceptor> Interceptors { get; } = [];

        public override void SetInsecureCredentials(object state) => IsSecure = false;

        public override void SetSslCredentials(
            object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback) => IsSecure = true;

        public override void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials)
        {
            channelCredentials.InternalPopulateConfiguration(this, state);
            Interceptors.AddRange(Read(callCredentials));
        }
    }

    private sealed class CallParts : CallCredentialsConfiguratorBase
    {
        public List<AsyncAuthInterceptor> Interceptors { get; } = [];

        public override void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials)
        {
            foreach (var part in credentials) part.InternalPopulateConfiguration(this, state);
        }

        public override void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor) => Interceptors.Add(interceptor);
    }
}
