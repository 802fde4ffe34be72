using System.Reflection;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Testing;
using InteropHost;

namespace Grpc.AspNetCore.Tests.Interop;

/// <summary>
/// gRPC's public interoperability tests, as a client runs them; method names are the cases' own.
/// </summary>
/// <param name="client">Of the server under test.</param>
/// <param name="unknown">Of a service that the server does not have.</param>
/// <param name="answered">Flags of the messages that the server sent.</param>
/// <param name="probes">Whether the server tells a compressed request from a plain one, which not every gRPC lets it.</param>
internal sealed class InteropCases(
    TestService.TestServiceClient client, UnimplementedService.UnimplementedServiceClient unknown, FrameFlags answered, bool probes)
{
    private const string Special = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n";
    private static readonly Metadata Gzip = new() { { "grpc-internal-encoding-request", "gzip" } };

    public static TheoryData<string> Names =>
    [
        .. typeof(InteropCases).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(method => method.Name)
            .Where(name => char.IsAsciiLetterLower(name[0])),
    ];

    public Task RunAsync(string name) => (Task)typeof(InteropCases).GetMethod(name, BindingFlags.Public | BindingFlags.Instance)!.Invoke(this, [])!;

    public async Task empty_unary() => Assert.Equal(new Empty(), await client.EmptyCallAsync(new Empty()));

    public async Task large_unary() => AssertSize(314159, (await client.UnaryCallAsync(Large())).Payload);

    public async Task client_streaming()
    {
        using var call = client.StreamingInputCall();
        foreach (var size in (int[])[27182, 8, 1828, 45904])
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = PayloadOf(size) });
        await call.RequestStream.CompleteAsync();

        Assert.Equal(74922, (await call).AggregatedPayloadSize);
    }

    public async Task server_streaming()
    {
        int[] sizes = [31415, 9, 2653, 58979];
        var request = new StreamingOutputCallRequest { ResponseParameters = { sizes.Select(size => new ResponseParameters { Size = size }) } };

        using var call = client.StreamingOutputCall(request);

        Assert.Equal(sizes, await call.ResponseStream.ReadAllAsync().Select(answer => answer.Payload.Body.Length).ToListAsync());
    }

    public async Task ping_pong()
    {
        using var call = client.FullDuplexCall();
        foreach (var (sent, wanted) in ((int, int)[])[(27182, 31415), (8, 9), (1828, 2653), (45904, 58979)])
        {
            await call.RequestStream.WriteAsync(Wanting(wanted, sent));
            Assert.True(await call.ResponseStream.MoveNext());
            AssertSize(wanted, call.ResponseStream.Current.Payload);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    public async Task empty_stream()
    {
        using var call = client.FullDuplexCall();
        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    public async Task timeout_on_sleeping_server()
    {
        using var call = client.FullDuplexCall(deadline: DateTime.UtcNow.AddMilliseconds(1));
        await Record.ExceptionAsync(() => call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = PayloadOf(27182) }));

        await FailsAsync(StatusCode.DeadlineExceeded, () => call.ResponseStream.MoveNext());
    }

    public async Task cancel_after_begin()
    {
        using var source = new CancellationTokenSource();
        using var call = client.StreamingInputCall(cancellationToken: source.Token);
        await source.CancelAsync();

        await FailsAsync(StatusCode.Cancelled, () => call.ResponseAsync);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    public async Task cancel_after_first_response()
    {
        using var source = new CancellationTokenSource();
        using var call = client.FullDuplexCall(cancellationToken: source.Token);
        await call.RequestStream.WriteAsync(Wanting(31415, 27182));
        Assert.True(await call.ResponseStream.MoveNext());
        AssertSize(31415, call.ResponseStream.Current.Payload);
        await source.CancelAsync();

        await FailsAsync(StatusCode.Cancelled, () => call.ResponseStream.MoveNext());
    }

    public async Task status_code_and_message()
    {
        var status = new EchoStatus { Code = 2, Message = "test status message" };
        await FailsAsync(StatusCode.Unknown, async () => await client.UnaryCallAsync(new SimpleRequest { ResponseStatus = status }), status.Message);

        using var call = client.FullDuplexCall();
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = status });
        await call.RequestStream.CompleteAsync();
        await FailsAsync(StatusCode.Unknown, () => call.ResponseStream.MoveNext(), status.Message);
    }

    public Task special_status_message() => FailsAsync(
        StatusCode.Unknown,
        async () => await client.UnaryCallAsync(new SimpleRequest { ResponseStatus = new EchoStatus { Code = 2, Message = Special } }),
        Special);

    public Task unimplemented_method() => FailsAsync(StatusCode.Unimplemented, async () => await client.UnimplementedCallAsync(new Empty()));

    public Task unimplemented_service() => FailsAsync(StatusCode.Unimplemented, async () => await unknown.UnimplementedCallAsync(new Empty()));

    public async Task custom_metadata()
    {
        var sent = new Metadata { { "x-grpc-test-echo-initial", "test_initial_metadata_value" }, { "x-grpc-test-echo-trailing-bin", [0xab, 0xab, 0xab] } };
        using var unary = client.UnaryCallAsync(Large(), sent);
        await unary;
        Check(await unary.ResponseHeadersAsync, unary.GetTrailers());

        using var duplex = client.FullDuplexCall(sent);
        await duplex.RequestStream.WriteAsync(Wanting(314159, 271828));
        await duplex.RequestStream.CompleteAsync();
        Assert.Equal(1, await duplex.ResponseStream.ReadAllAsync().CountAsync());
        Check(await duplex.ResponseHeadersAsync, duplex.GetTrailers());

        static void Check(Metadata headers, Metadata trailers)
        {
            Assert.Equal("test_initial_metadata_value", headers.GetValue("x-grpc-test-echo-initial"));
            Assert.Equal([0xab, 0xab, 0xab], trailers.GetValueBytes("x-grpc-test-echo-trailing-bin"));
        }
    }

    public async Task client_compressed_unary()
    {
        SimpleRequest Expecting(bool compressed)
        {
            var request = Large();
            request.ExpectCompressed = new BoolValue { Value = compressed };
            return request;
        }

        if (probes) await FailsAsync(StatusCode.InvalidArgument, async () => await client.UnaryCallAsync(Expecting(true)));
        AssertSize(314159, (await client.UnaryCallAsync(Expecting(true), Gzip)).Payload);
        AssertSize(314159, (await client.UnaryCallAsync(Expecting(false))).Payload);
    }

    public async Task server_compressed_unary()
    {
        foreach (var compressed in (bool[])[true, false])
        {
            var request = Large();
            request.ResponseCompressed = new BoolValue { Value = compressed };
            AssertSize(314159, (await client.UnaryCallAsync(request)).Payload);
            Assert.Equal(compressed, answered.Next());
        }
    }

    public async Task client_compressed_streaming()
    {
        var first = new StreamingInputCallRequest { ExpectCompressed = new BoolValue { Value = true }, Payload = PayloadOf(27182) };
        var second = new StreamingInputCallRequest { ExpectCompressed = new BoolValue(), Payload = PayloadOf(45904) };
        if (probes)
        {
            using var probe = client.StreamingInputCall();
            await probe.RequestStream.WriteAsync(first);
            await FailsAsync(StatusCode.InvalidArgument, () => probe.ResponseAsync);
        }

        using var call = client.StreamingInputCall(Gzip);
        await call.RequestStream.WriteAsync(first);
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
        await call.RequestStream.WriteAsync(second);
        await call.RequestStream.CompleteAsync();
        Assert.Equal(73086, (await call).AggregatedPayloadSize);
    }

    public async Task server_compressed_streaming()
    {
        using var call = client.StreamingOutputCall(new StreamingOutputCallRequest
        {
            ResponseParameters =
            {
                new ResponseParameters { Compressed = new BoolValue { Value = true }, Size = 31415 },
                new ResponseParameters { Compressed = new BoolValue(), Size = 92653 },
            },
        });

        Assert.Equal([31415, 92653], await call.ResponseStream.ReadAllAsync().Select(answer => answer.Payload.Body.Length).ToListAsync());
        Assert.Equal([true, false], [answered.Next(), answered.Next()]);
    }

    private static SimpleRequest Large() => new() { ResponseSize = 314159, Payload = PayloadOf(271828) };

    private static StreamingOutputCallRequest Wanting(int size, int sent) =>
        new() { ResponseParameters = { new ResponseParameters { Size = size } }, Payload = PayloadOf(sent) };

    private static Payload PayloadOf(int size) => new() { Body = ByteString.CopyFrom(new byte[size]) };

    private static void AssertSize(int size, Payload payload) => Assert.Equal(new byte[size], payload.Body.ToByteArray());

    private static async Task FailsAsync(StatusCode code, Func<Task> call, string? detail = null)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(code, exception.StatusCode);
        if (detail is not null) Assert.Equal(detail, exception.Status.Detail);
    }
}
