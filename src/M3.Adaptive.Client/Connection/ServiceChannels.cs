using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace M3.Adaptive.Client.Connection;

/// <summary>A connection to each address, taken in turn. Safe for concurrent use.</summary>
internal sealed class ServiceChannels : IDisposable
{
    private readonly GrpcChannel[] _channels;
    private readonly CallInvoker[] _invokers;
    private int _turn = -1;

    public ServiceChannels(M3ClientOptions options)
    {
        _channels = [.. options.Addresses.Select(address => GrpcChannel.ForAddress(
            address, new GrpcChannelOptions { MaxReceiveMessageSize = null, HttpHandler = Handler(options.Authorities), DisposeHttpClient = true }))];
        _invokers = [.. _channels.Select(channel => channel.Intercept(metadata => WithKey(metadata, options.Key)))];
    }

    /// <summary>The address whose turn it is.</summary>
    public int Next() => (int)((uint)Interlocked.Increment(ref _turn) % (uint)_channels.Length);

    public CallInvoker this[int address] => _invokers[address];

    public void Dispose()
    {
        foreach (var channel in _channels) channel.Dispose();
    }

    private static SocketsHttpHandler Handler(X509Certificate2Collection? authorities)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        if (authorities is not null) handler.SslOptions.CertificateChainPolicy = Policy(authorities);
        return handler;
    }

    private static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private static Metadata WithKey(Metadata metadata, string? key)
    {
        if (key is not null) metadata.Add("authorization", $"Bearer {key}");
        return metadata;
    }
}
