using Grpc.Core;

namespace M3.Adaptive.Service.Tests.Doubles;

/// <summary>A call that nobody made.</summary>
internal sealed class FakeCallContext : ServerCallContext
{
    public DateTime StatedDeadline { get; init; } = DateTime.MaxValue;

    public CancellationToken Token { get; init; }

    protected override string MethodCore => "/test.Service/Method";

    protected override string HostCore => "localhost";

    protected override string PeerCore => "ipv4:127.0.0.1:1";

    protected override DateTime DeadlineCore => StatedDeadline;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => Token;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("No call is made from here.");
}
