using System.IO.Compression;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Service.Admission;
using M3.Adaptive.Service.Tests.Endpoint;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.Service.Tests.Admission;

/// <summary>Requests that arrive slowly, or unfold to far more than was sent, hold a bounded memory together.</summary>
public sealed class SlowUploadTests
{
    private const int Uploads = 30;
    private const int Room = 1 << 20;

    private static readonly byte[] Large = RawCall.Frame(new StringValue { Value = new string('a', 99_000) }.ToByteArray());

    public static TheoryData<string> Shapes => ["Unary", "ClientStream", "ServerStream", "Duplex"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Upload_BeyondTheRoom_IsToldWhenToRetryAndTheOthersEndWell(string shape)
    {
        await using var host = await EndpointHost.StartAsync(maxInFlightBytes: Room);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        HeldBody[] bodies = [.. Enumerable.Range(0, Uploads).Select(_ => new HeldBody(Large, Large.Length - 1, goOn.Task))];

        Task<RawAnswer>[] calls = [.. bodies.Select(body => RawCall.SendAsync(host.Address, $"/m3.tests.Shapes/{shape}", body))];
        var refused = await FirstOfAsync(calls, Uploads - Fitting(Large.Length - 1)).Soon();
        await HoldsAsync(host.Memory, (Uploads - refused.Length) * (Large.Length - 1 - RequestMemory.FreeBytes)).Soon();
        var small = await RawCall.SendAsync(host.Address, $"/m3.tests.Shapes/{shape}", new ByteArrayContent(RawCall.Frame([]))).Soon();
        goOn.SetResult();
        var answers = await Task.WhenAll(calls).Soon();

        Assert.All(refused, AssertRetry);
        Assert.Equal(StatusCode.OK, small.Status);
        Assert.Equal(Uploads - refused.Length, answers.Count(answer => answer.Status == StatusCode.OK));
        await HoldsAsync(host.Memory, 0).Soon();
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task Upload_CallerLeaves_GivesItsRoomBack()
    {
        await using var host = await EndpointHost.StartAsync(maxInFlightBytes: Room);
        using var leaving = new CancellationTokenSource();
        var body = new HeldBody(Large, Large.Length - 1, Task.Delay(Timeout.Infinite, leaving.Token));
        var call = RawCall.SendAsync(host.Address, "/m3.tests.Shapes/Unary", body, leaving.Token);
        await HoldsAsync(host.Memory, Large.Length - 1 - RequestMemory.FreeBytes).Soon();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        await HoldsAsync(host.Memory, 0).Soon();
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("ServerStream")]
    public async Task Gzip_UnfoldingBeyondTheRoom_IsToldWhenToRetry(string shape)
    {
        await using var host = await EndpointHost.StartAsync(maxInFlightBytes: Room);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Behaviour.Answer = async (_, _) =>
        {
            await goOn.Task;
            return "";
        };
        var packed = RawCall.Frame(Gzip(Large.AsSpan(5)), flag: 1);

        Task<RawAnswer>[] calls =
        [
            .. Enumerable.Range(0, Uploads).Select(
                _ => RawCall.SendAsync(host.Address, $"/m3.tests.Shapes/{shape}", new ByteArrayContent(packed), ("grpc-encoding", "gzip"))),
        ];
        var refused = await FirstOfAsync(calls, Uploads - Fitting(Large.Length - 5)).Soon();
        goOn.SetResult();
        var answers = await Task.WhenAll(calls).Soon();

        Assert.All(refused, AssertRetry);
        Assert.Equal(Uploads - refused.Length, answers.Count(answer => answer.Status == StatusCode.OK));
        await HoldsAsync(host.Memory, 0).Soon();
    }

    [Fact]
    public async Task Stream_OfManyMessages_IsCountedByWhatIsAtHand()
    {
        await using var host = await EndpointHost.StartAsync(maxInFlightBytes: Room);
        byte[] messages = [.. Enumerable.Repeat(Large, Uploads).SelectMany(message => message)];

        var answer = await RawCall.SendAsync(host.Address, "/m3.tests.Shapes/ClientStream", new ByteArrayContent(messages)).Soon();

        Assert.True(messages.Length > 2 * Room);
        Assert.Equal(StatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task Connection_BeyondTheLimit_IsClosedAndTheOthersGoOn()
    {
        await using var host = await EndpointHost.StartAsync();
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        HeldBody[] bodies = [.. Enumerable.Range(0, EndpointHost.MaxConnections).Select(_ => new HeldBody(Large, 10, goOn.Task))];
        Task<RawAnswer>[] open = [.. bodies.Select(body => RawCall.SendAsync(host.Address, "/m3.tests.Shapes/Unary", body))];
        await Task.WhenAll(bodies.Select(body => body.Sent)).Soon();

        var refused = RawCall.SendAsync(host.Address, "/m3.tests.Shapes/Unary", new ByteArrayContent(Large));

        await Assert.ThrowsAsync<HttpRequestException>(() => refused.Soon());
        goOn.SetResult();
        Assert.All(await Task.WhenAll(open).Soon(), answer => Assert.Equal(StatusCode.OK, answer.Status));
        Assert.Empty(host.Errors);
    }

    private static int Fitting(int bytes) => Room / (bytes - RequestMemory.FreeBytes);

    private static async Task<RawAnswer[]> FirstOfAsync(IEnumerable<Task<RawAnswer>> calls, int count)
    {
        List<RawAnswer> ended = [];
        await foreach (var call in Task.WhenEach(calls))
        {
            ended.Add(await call);
            if (ended.Count == count) break;
        }

        return [.. ended];
    }

    private static void AssertRetry(RawAnswer answer)
    {
        Assert.Equal(StatusCode.ResourceExhausted, answer.Status);
        Assert.True(answer.Details.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan() > TimeSpan.Zero);
    }

    // The server frees a call's share just after its last byte has left.
    private static async Task HoldsAsync(RequestMemory memory, long bytes)
    {
        while (memory.HeldBytes != bytes) await Task.Yield();
    }

    private static byte[] Gzip(ReadOnlySpan<byte> message)
    {
        using var output = new MemoryStream();
        using (var compressor = new GZipStream(output, CompressionLevel.Fastest)) compressor.Write(message);
        return output.ToArray();
    }
}
