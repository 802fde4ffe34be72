using InteropHost;

namespace Grpc.AspNetCore.Tests.Interop;

/// <summary>A client's handler that notes the flags of the messages that come back.</summary>
internal sealed class FlagTap(FrameFlags flags) : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var body = new StreamContent(new TapStream(await response.Content.ReadAsStreamAsync(cancellationToken), flags));
        foreach (var (name, values) in response.Content.Headers.NonValidated) body.Headers.TryAddWithoutValidation(name, values);
        response.Content = body;
        return response;
    }

    private sealed class TapStream(Stream source, FrameFlags flags) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await source.ReadAsync(buffer, cancellationToken);
            flags.Feed(buffer.Span[..read]);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) source.Dispose();
            base.Dispose(disposing);
        }
    }
}
