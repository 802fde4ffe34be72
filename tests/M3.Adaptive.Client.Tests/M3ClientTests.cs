using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using M3.Adaptive.Client.Tests.Doubles;
using M3.Adaptive.Contracts;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.Client.Tests;

public sealed class M3ClientTests
{
    [Fact]
    public async Task Generate_SeveralAddresses_AreAskedInTurn()
    {
        await using var one = await LoopbackService.StartAsync(static (_, _) => Answer("one"));
        await using var two = await LoopbackService.StartAsync(static (_, _) => Answer("two"));
        using var client = new M3Client(new M3ClientOptions { Addresses = { one.Address, two.Address } });

        var texts = new List<string>();
        for (var i = 0; i < 4; i++) texts.Add((await client.GenerateAsync(new GenerateRequest()).Soon()).Text);

        Assert.Equal(["one", "two", "one", "two"], texts);
    }

    [Fact]
    public async Task Generate_FirstAddressUnreachable_IsAnsweredByTheSecond()
    {
        await using var two = await LoopbackService.StartAsync(static (_, _) => Answer("two"));
        using var client = new M3Client(new M3ClientOptions { Addresses = { Nobody(), two.Address } });

        Assert.Equal("two", (await client.GenerateAsync(new GenerateRequest()).Soon()).Text);
    }

    [Fact]
    public async Task Generate_ServiceSaysThatItDoesNotAnswer_IsAnsweredByTheOther()
    {
        await using var one = await LoopbackService.StartAsync(static (_, _) => throw Refused(StatusCode.Unavailable));
        await using var two = await LoopbackService.StartAsync(static (_, _) => Answer("two"));
        using var client = new M3Client(new M3ClientOptions { Addresses = { one.Address, two.Address } });

        Assert.Equal("two", (await client.GenerateAsync(new GenerateRequest()).Soon()).Text);
        Assert.Single(one.Requests);
    }

    [Fact]
    public async Task Generate_ConnectionTorn_IsRepeatedThereWithTheSameRequestId()
    {
        await using var one = await LoopbackService.StartAsync(static (call, tear) =>
        {
            if (call == 1) tear();
            return Answer("one");
        });
        await using var two = await LoopbackService.StartAsync(static (_, _) => Answer("two"));
        using var client = new M3Client(new M3ClientOptions { Addresses = { one.Address, two.Address } });

        var answer = await client.GenerateAsync(new GenerateRequest()).Soon();

        Assert.Equal("one", answer.Text);
        Assert.Equal(2, one.Requests.Count);
        Assert.NotEmpty(one.Requests[0].RequestId);
        Assert.Equal(one.Requests[0].RequestId, one.Requests[1].RequestId);
    }

    [Fact]
    public async Task Generate_RefusedForGood_IsNotRepeated()
    {
        await using var one = await LoopbackService.StartAsync(static (_, _) => throw Refused(StatusCode.InvalidArgument));
        using var client = new M3Client(new M3ClientOptions { Addresses = { one.Address } });

        var refused = await Assert.ThrowsAsync<RpcException>(() => client.GenerateAsync(new GenerateRequest { RequestId = "mine" }).Soon());

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("mine", Assert.Single(one.Requests).RequestId);
    }

    [Fact]
    public async Task Generate_NothingToBeTriedAgain_HasNoRequestIdAndShowsItsKey()
    {
        await using var one = await LoopbackService.StartAsync(static (_, _) => Answer("one"));
        using var client = new M3Client(new M3ClientOptions { Addresses = { one.Address }, MaxAttempts = 1, Key = "m3_key" });

        await client.GenerateAsync(new GenerateRequest()).Soon();

        Assert.False(Assert.Single(one.Requests).HasRequestId);
        Assert.Equal("Bearer m3_key", Assert.Single(one.Keys));
    }

    [Fact]
    public async Task Generate_NobodyAnswers_FailsWithinItsDeadline()
    {
        using var client = new M3Client(new M3ClientOptions { Addresses = { Nobody() } });

        var refused = await Assert.ThrowsAsync<RpcException>(() => client.GenerateAsync(new GenerateRequest(), TimeSpan.FromMilliseconds(150)).Soon());

        Assert.Contains(refused.StatusCode, (StatusCode[])[StatusCode.Unavailable, StatusCode.DeadlineExceeded]);
    }

    [Fact]
    public async Task Generate_CancelledByTheCaller_IsACancellation()
    {
        await using var one = await LoopbackService.StartAsync(static (_, _) => Answer("one"));
        using var client = new M3Client(new M3ClientOptions { Addresses = { one.Address } });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GenerateAsync(new GenerateRequest(), cancellationToken: new CancellationToken(canceled: true)).Soon());
    }

    [Fact]
    public async Task Stream_RefusedBeforeItBegan_IsTriedAgain()
    {
        await using var one = await LoopbackService.StartAsync(static (call, _) => call == 1 ? throw Refused(StatusCode.Unavailable) : Answer("one"));
        using var client = new M3Client(new M3ClientOptions { Addresses = { one.Address } });

        Assert.Equal(["one", "one"], await PartsAsync(client).Soon());
    }

    [Fact]
    public async Task Stream_CutAfterItBegan_IsNotBegunAgain()
    {
        await using var one = await LoopbackService.StartAsync(static (_, _) => Answer(LoopbackService.Cut));
        using var client = new M3Client(new M3ClientOptions { Addresses = { one.Address } });
        await using var parts = client.GenerateStreamAsync(new GenerateRequest()).GetAsyncEnumerator();
        await parts.MoveNextAsync().AsTask().Soon();

        one.TearStream();

        await Assert.ThrowsAsync<RpcException>(() => parts.MoveNextAsync().AsTask().Soon());
        Assert.Single(one.Requests);
    }

    [Theory]
    [InlineData("Addresses is empty")]
    [InlineData("Addresses has ftp://a", "ftp://a")]
    public void New_WrongAddresses_SaysWhatIsExpected(string fault, params string[] addresses)
    {
        var options = new M3ClientOptions();
        foreach (var address in addresses) options.Addresses.Add(new Uri(address));

        Assert.Contains(fault, Assert.Throws<InvalidOperationException>(() => new M3Client(options)).Message, StringComparison.Ordinal);
    }

    private static GenerateResponse Answer(string text) => new() { Text = text };

    private static RpcException Refused(StatusCode code) => new(new Status(code, "no"), new Metadata { { Trailers.ModelVersion, "model@1" } });

    private static async Task<List<string>> PartsAsync(M3Client client)
    {
        var parts = new List<string>();
        await foreach (var part in client.GenerateStreamAsync(new GenerateRequest())) parts.Add(part.End?.Text ?? part.Text);
        return parts;
    }

    // A port that was free a moment ago.
    private static Uri Nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
