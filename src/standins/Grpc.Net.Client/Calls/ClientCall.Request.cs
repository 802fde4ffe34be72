using System.Net;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

internal sealed partial class ClientCall<TRequest, TResponse>
{
    private const string UserAgent = "grpc-dotnet-standin/0.1";

    private static readonly Version Http2 = HttpVersion.Version20;

    /// <summary>The encoding that the caller asked for by the header that is never sent.</summary>
    private static Compression? Encoding(Metadata? headers)
    {
        var name = headers?.GetValue(Metadata.CompressionRequestAlgorithmMetadataKey);
        return name is null or Compression.Identity
            ? null
            : Compression.Find(name) ?? throw new RpcException(new Status(StatusCode.Internal, $"Could not find a compression for '{name}'."));
    }

    private async Task<HttpRequestMessage> BuildRequestAsync(HttpContent content)
    {
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(channel.Address, method.FullName))
        {
            Content = content,
            Version = channel.Options.HttpVersion ?? Http2,
            VersionPolicy = channel.Options.HttpVersionPolicy ?? HttpVersionPolicy.RequestVersionExact,
        };
        var headers = request.Headers;
        if (host is not null) headers.Host = host;
        headers.TryAddWithoutValidation("User-Agent", UserAgent);
        headers.TryAddWithoutValidation("TE", "trailers");
        headers.TryAddWithoutValidation("grpc-accept-encoding", Compression.Supported);
        if (Encoding(options.Headers) is { } encoding) headers.TryAddWithoutValidation("grpc-encoding", encoding.Name);
        if (_timeout is { } timeout) headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeout.Format(timeout));
        Append(request, options.Headers);
        await AddCredentialsAsync(request).ConfigureAwait(false);
        return request;
    }

    private async ValueTask AddCredentialsAsync(HttpRequestMessage request)
    {
        if (channel.Credentials.Count == 0 && options.Credentials is null) return;
        if (channel.Address.Scheme != Uri.UriSchemeHttps && !channel.Options.UnsafeUseInsecureChannelCallCredentials) return;
        var service = $"{channel.Address.GetLeftPart(UriPartial.Authority)}/{method.ServiceName}";
        var context = new AuthInterceptorContext(service, method.Name, _stop.Token);
        foreach (var credentials in channel.Credentials.Concat(CredentialsReader.Read(options.Credentials)))
        {
            var added = new Metadata();
            await credentials(context, added).ConfigureAwait(false);
            Append(request, added);
        }
    }

    private static void Append(HttpRequestMessage request, Metadata? metadata)
    {
        if (metadata is null) return;
        foreach (var entry in metadata)
            if (!MetadataCodec.IsWithheld(entry.Key))
                request.Headers.TryAddWithoutValidation(entry.Key, MetadataCodec.Encode(entry));
    }
}
