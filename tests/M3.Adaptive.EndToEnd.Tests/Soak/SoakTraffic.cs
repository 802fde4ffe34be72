using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Pictures;

namespace M3.Adaptive.EndToEnd.Tests.Soak;

/// <summary>
/// Requests as clients make them who are not all well: of a hundred, 5 are cancelled on their way, 5 are malformed, 2 are too large, 1 has a corrupt picture, 3 are sent
/// twice at once. Seeded: which request is of what kind does not depend on the order in which they are answered.
/// </summary>
internal sealed class SoakTraffic(int seed)
{
    /// <summary>Visual tokens of a request that is cancelled: charged whole or not at all.</summary>
    public const int CancelledScale = 144;

    /// <summary>Bytes that a request may have; as the service is told.</summary>
    public const int MaxRequestBytes = 64 << 10;

    private static readonly Method<byte[], byte[]> Raw = new(
        MethodType.Unary, "m3.adaptive.v1.AdaptiveService", "Generate", Marshallers.Create(static bytes => bytes, static bytes => bytes), Marshallers.Create(static bytes => bytes, static bytes => bytes));

    private static readonly int[] Scales = [1, 9, 36, 144, 576];

    private int _cancelled;

    /// <summary>Visual tokens charged, as acknowledged, by decision.</summary>
    public ConcurrentDictionary<string, long> Acknowledged { get; } = [];

    /// <summary>Decisions whose outcome was acknowledged.</summary>
    public ConcurrentDictionary<string, bool> Judged { get; } = [];

    /// <summary>Statuses that no request of their kind may end with.</summary>
    public ConcurrentBag<string> Wrong { get; } = [];

    /// <summary>Requests that ended, by status.</summary>
    public ConcurrentDictionary<StatusCode, int> Statuses { get; } = [];

    public int Cancelled => _cancelled;

    /// <summary>Sends one request and judges what came of it.</summary>
    /// <param name="number">Which one it is of all.</param>
    /// <param name="mayBeGone">Whether the service may be killed meanwhile.</param>
    public async Task SendAsync(ServiceProcess service, int number, bool mayBeGone)
    {
        var random = new Random(HashCode.Combine(seed, number));
        var (kind, expected) = random.Next(100) switch
        {
            < 5 => (CancelAsync(service, random), new[] { StatusCode.OK, StatusCode.Cancelled }),
            < 8 => (AskAsync(service, Request(random, question: "")), [StatusCode.InvalidArgument]),
            < 10 => (SendRawAsync(service, random), [StatusCode.InvalidArgument]),
            < 12 => (AskAsync(service, Request(random, padding: 2 * MaxRequestBytes)), [StatusCode.ResourceExhausted]),
            < 13 => (AskAsync(service, Corrupt(random)), [StatusCode.InvalidArgument]),
            < 16 => (AskTwiceAsync(service, Request(random, id: $"r{number}")), [StatusCode.OK]),
            _ => (AskAsync(service, Request(random)), [StatusCode.OK]),
        };
        var status = await StatusOfAsync(kind);
        Statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);
        if (!expected.Contains(status) && !(mayBeGone && status is StatusCode.Unavailable or StatusCode.Internal)) Wrong.Add($"request {number}: {status}, expected {string.Join(" or ", expected)}");
    }

    private static async Task<StatusCode> StatusOfAsync(Task call)
    {
        try
        {
            await call;
            return StatusCode.OK;
        }
        catch (RpcException refused)
        {
            return refused.StatusCode;
        }
    }

    private async Task AskAsync(ServiceProcess service, GenerateRequest request)
    {
        var reply = await service.Client.GenerateAsync(request);
        Acknowledged[reply.Decision.DecisionId] = reply.Charged.VisualTokens;
        if (reply.Charged.VisualTokens % 2 == 0) return;
        await new Outcomes.OutcomesClient(service.Channel).RecordAsync(new RecordOutcomeRequest { DecisionId = reply.Decision.DecisionId, Verdict = Verdict.Right });
        Judged[reply.Decision.DecisionId] = true;
    }

    private async Task AskTwiceAsync(ServiceProcess service, GenerateRequest request)
    {
        var replies = await Task.WhenAll(service.Client.GenerateAsync(request).ResponseAsync, service.Client.GenerateAsync(request).ResponseAsync);
        foreach (var reply in replies) Acknowledged[reply.Decision.DecisionId] = reply.Charged.VisualTokens;
        if (replies[0].Decision.DecisionId != replies[1].Decision.DecisionId || replies[0].Replayed == replies[1].Replayed) Wrong.Add($"{request.RequestId} ran twice");
    }

    private async Task CancelAsync(ServiceProcess service, Random random)
    {
        Interlocked.Increment(ref _cancelled);
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 60)));
        var reply = await service.Client.GenerateAsync(Request(random, scale: CancelledScale, newTokens: 200), cancellationToken: leaving.Token);
        Acknowledged[reply.Decision.DecisionId] = reply.Charged.VisualTokens;
    }

    private static async Task SendRawAsync(ServiceProcess service, Random random)
    {
        var bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        bytes[0] = 0x07;                                                          // a wire type that there is none of
        await service.Channel.CreateCallInvoker().AsyncUnaryCall(Raw, null, default, bytes);
    }

    // A picture's first bytes, and then something else.
    private static GenerateRequest Corrupt(Random random)
    {
        var picture = Picture(random);
        random.NextBytes(picture.AsSpan(20));
        return new GenerateRequest { Image = new Image { Data = ByteString.CopyFrom(picture) }, Question = "what is it" };
    }

    private static GenerateRequest Request(Random random, string question = "what is it", string? id = null, int padding = 0, int? scale = null, int newTokens = 3)
    {
        var request = new GenerateRequest
        {
            Image = new Image { Data = ByteString.CopyFrom([.. Picture(random), .. new byte[padding]]) },
            Question = question,
            Routing = new RoutingOptions { Fixed = new FixedPolicy { Scale = scale ?? Scales[random.Next(Scales.Length)] } },
            Decoding = new DecodingOptions { MaxNewTokens = newTokens },
        };
        if (id is not null) request.RequestId = id;
        return request;
    }

    // Some hundred distinct ones, so that some are in the cache.
    private static byte[] Picture(Random random) => PlainPicture.Png((byte)random.Next(8), (byte)random.Next(8), (byte)random.Next(8));
}
