using System.Buffers.Binary;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Serving.Pictures;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>What clients send costs a bounded memory, as the operating system counts it.</summary>
public sealed class MemoryTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Uploads_SlowOnesOnOneConnection_HoldWhatTheSettingSays()
    {
        const int Calls = 90, Each = 7 * MiB, Room = 64 * MiB;
        await using var service = await StartAsync($$$"""{"Server": {"MaxInFlightBytes": "{{{Room / MiB}}}MiB", "MaxRequestBytes": "8MiB"}}""");
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var leaving = new CancellationTokenSource();
        var (before, start) = (service.PeakMemory, service.Memory);

        Task<string>[] calls = [.. Enumerable.Range(0, Calls).Select(_ => UploadAsync(http, service, Each, leaving.Token))];
        var refused = new List<string>();
        await foreach (var call in Task.WhenEach(calls))
        {
            refused.Add(await call.Soon());
            if (refused.Count == Calls - (Room / (Each - (16 << 10)))) break;
        }

        Assert.All(refused, status => Assert.Equal($"{(int)StatusCode.ResourceExhausted}", status));
        Assert.InRange(service.PeakMemory - before, Room / 2, Room + (150 * MiB));
        await leaving.CancelAsync();

        // Once nothing goes on any more, most of the 480 MiB that it had grown by goes back to the system.
        await FallsAsync(service, start + (4 * Room)).Soon();
    }

    [Fact]
    public async Task Pictures_LargeOnesAtOnce_AreDecodedOneAtATime()
    {
        const int Calls = 5, Side = 6300;
        await using var service = await StartAsync("{}");
        var picture = PlainPicture.Png(1, 2, 3, Side);
        await AskAsync(service, PlainPicture.Png(1, 2, 3));
        var before = service.PeakMemory;

        // A byte behind the picture's end makes another file of the same picture.
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(number => AskAsync(service, [.. picture, (byte)number]))).Soon();

        Assert.InRange(service.PeakMemory - before, 4L * Side * Side, 4 * 4L * Side * Side);
    }

    private static async Task FallsAsync(ServiceProcess service, long bytes)
    {
        while (service.Memory > bytes) await Task.Delay(200);
    }

    private Task<ServiceProcess> StartAsync(string settings)
    {
        var file = Path.Combine(_checkpoint.Folder, "settings.json");
        File.WriteAllText(file, settings);
        return ServiceProcess.StartAsync(_checkpoint.Folder, "--settings", file);
    }

    private static async Task AskAsync(ServiceProcess service, byte[] picture) => await service.Client.GenerateAsync(new GenerateRequest
    {
        Image = new Image { Data = ByteString.CopyFrom(picture) },
        Question = "what is it",
        Decoding = new DecodingOptions { MaxNewTokens = 1 },
    });

    // Sends all but the last byte and then nothing more.
    private static async Task<string> UploadAsync(HttpMessageInvoker http, ServiceProcess service, int bytes, CancellationToken cancellation)
    {
        var frame = new byte[bytes];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes - 4);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Address, "/m3.adaptive.v1.AdaptiveService/Generate"))
        {
            Content = new StreamContent(new StallingStream(frame)) { Headers = { { "Content-Type", "application/grpc" } } },
            Headers = { { "TE", "trailers" } },
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await http.SendAsync(request, cancellation);
        return response.Headers.GetValues("grpc-status").Single();
    }

    private sealed class StallingStream(byte[] content) : MemoryStream(content, writable: false)
    {
        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            await base.CopyToAsync(destination, bufferSize, cancellationToken);
            await destination.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
