using System.Net;

namespace M3.Adaptive.Service.Tests.Endpoint;

/// <summary>A body that a slow client sends: its first part at once, the rest when the test says so.</summary>
internal sealed class HeldBody(byte[] body, int first, Task rest) : HttpContent
{
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the first part has been handed to the network.</summary>
    public Task Sent => _sent.Task;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(body.AsMemory(0, first));
        await stream.FlushAsync();
        _sent.SetResult();
        await rest;
        await stream.WriteAsync(body.AsMemory(first));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
