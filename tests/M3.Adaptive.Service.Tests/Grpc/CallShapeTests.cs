using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using M3.Adaptive.Contracts;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Service.Grpc;
using M3.Adaptive.Service.Tests.Endpoint;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.DependencyInjection;

namespace M3.Adaptive.Service.Tests.Grpc;

/// <summary>What every call has in common, whatever its shape: how it ends, what its trailers say, and whose fault is logged.</summary>
public sealed class CallShapeTests
{
    private static readonly byte[] Message = new StringValue { Value = new string('a', 500) }.ToByteArray();

    public static TheoryData<string> Shapes => ["Unary", "ClientStream", "ServerStream", "Duplex"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Call_OfEachShape_EndsWithTheVersions(string shape)
    {
        await using var host = await EndpointHost.StartAsync();

        var answer = await SendAsync(host, shape);

        Assert.Equal(StatusCode.OK, answer.Status);
        AssertVersions(answer);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Call_WithoutPredictor_NamesTheModelAlone(string shape)
    {
        await using var host = await EndpointHost.StartAsync(predictor: null);

        var answer = await SendAsync(host, shape);

        Assert.Equal(EndpointHost.ModelVersion, answer.Trailers[Trailers.ModelVersion]);
        Assert.DoesNotContain(Trailers.PredictorVersion, answer.Trailers);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Call_RefusedRequest_CarriesDetailsAndVersions(string shape)
    {
        await using var host = await EndpointHost.StartAsync();
        host.Behaviour.Answer = (_, _) => throw new InvalidRequestException([new("question", "is empty")]);

        var answer = await SendAsync(host, shape);

        Assert.Equal((StatusCode.InvalidArgument, "question: is empty"), (answer.Status, answer.Trailers["grpc-message"]));
        Assert.Equal("question", Assert.Single(answer.Details.GetDetail<BadRequest>().FieldViolations).Field);
        AssertVersions(answer);
        Assert.Empty(host.Errors);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Call_FaultOfOurs_IsLoggedOnceUnderTheIdThatTheCallerGets(string shape)
    {
        await using var host = await EndpointHost.StartAsync();
        host.Behaviour.Answer = (_, _) => throw new InvalidDataException("the secret");

        var answer = await SendAsync(host, shape);

        Assert.Equal(StatusCode.Internal, answer.Status);
        AssertVersions(answer);
        var record = Assert.Single(host.Errors);
        Assert.Equal("the secret", record.Exception?.Message);
        Assert.Contains(record.Message.Split(' ')[2], answer.Trailers["grpc-message"], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Call_FaultOfOursBeforeTheInterceptor_IsLoggedLikewise(string shape)
    {
        await using var host = await EndpointHost.StartAsync(
            static services => services.AddGrpc(static grpc => grpc.Interceptors.Add<BrokenInterceptor>()));

        var answer = await SendAsync(host, shape);

        Assert.Equal(StatusCode.Internal, answer.Status);
        AssertVersions(answer);
        Assert.Contains(Assert.Single(host.Errors).Message.Split(' ')[2], answer.Trailers["grpc-message"], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Call_DeadlinePasses_SaysSoWithTheVersions(string shape)
    {
        await using var host = await EndpointHost.StartAsync();
        host.Behaviour.Answer = static async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return "";
        };

        var answer = await SendAsync(host, shape, ("grpc-timeout", "30m"));

        Assert.Equal(StatusCode.DeadlineExceeded, answer.Status);
        AssertVersions(answer);
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task Call_DeadlinePassesWhileItIsRouted_TellsThePathSoFar()
    {
        await using var host = await EndpointHost.StartAsync();
        host.Behaviour.Answer = static async (_, context) =>
        {
            var progress = new RouteProgress();
            context.GetHttpContext().Features.Set(progress);
            progress.Report(Begun());
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return "";
        };

        var answer = await SendAsync(host, "Unary", ("grpc-timeout", "30m"));

        Assert.Equal(StatusCode.DeadlineExceeded, answer.Status);
        Assert.Equal(36, answer.Details.GetDetail<Contracts.V1.RouteSoFar>().Scale);
    }

    [Fact]
    public async Task Call_DeadlinePassesBetweenTheMessagesOfAStream_TellsThePathSoFar()
    {
        await using var host = await EndpointHost.StartAsync();
        var answers = 0;
        host.Behaviour.Answer = async (text, context) =>
        {
            if (answers++ == 0) return text;
            var progress = new RouteProgress();
            context.GetHttpContext().Features.Set(progress);
            progress.Report(Begun());
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return "";
        };

        var body = new ByteArrayContent([.. RawCall.Frame(Message), .. RawCall.Frame(Message)]);
        var answer = await RawCall.SendAsync(host.Address, PathOf("Duplex"), body, ("grpc-timeout", "1S")).Soon();

        Assert.Equal((StatusCode.DeadlineExceeded, 2), (answer.Status, answers));
        Assert.Equal(36, answer.Details.GetDetail<Contracts.V1.RouteSoFar>().Scale);
        AssertVersions(answer);
    }

    private static Episode Begun()
    {
        var rules = new RoutingRules { Policy = new Policy.Fixed(VisualScale.Of(36)), Min = VisualScale.Of(36), Max = VisualScale.Of(36), SafeScale = VisualScale.Of(36), Escalation = EscalationRules.Off };
        Assert.True(Episode.TryStart(rules, null, [.. VisualScale.All.Select(static scale => new Cost(scale.Tokens, 1, 1))], default, null, out var episode, out _));
        return episode;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Call_CallerLeaves_IsCancelledAndIsNoErrorOfOurs(string shape)
    {
        await using var host = await EndpointHost.StartAsync();
        var (started, ended) = (Signal(), Signal());
        host.Behaviour.Answer = async (text, context) =>
        {
            started.SetResult();
            await using var registration = context.CancellationToken.Register(ended.SetResult);
            await ended.Task;
            return text;                                                           // as a method does that does not look at its token
        };
        using var leaving = new CancellationTokenSource();

        var call = RawCall.SendAsync(host.Address, PathOf(shape), new ByteArrayContent(RawCall.Frame(Message)), leaving.Token);
        await started.Task.Soon();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        await ended.Task.Soon();
        await host.StopAsync().Soon();
        Assert.Empty(host.Errors);
    }

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(1, 200_000)]
    [InlineData(40, 1_000)]
    [InlineData(500, 100)]
    public async Task Metadata_TooMuch_EndsThatCallAlone(int fields, int length)
    {
        await using var host = await EndpointHost.StartAsync();
        var value = new string('a', length);
        var metadata = new Metadata();
        for (var number = 0; number < fields; number++) metadata.Add($"x-{number}", value);
        var client = new Shapes.ShapesClient(host.Channel);
        var other = client.Duplex();
        await other.RequestStream.WriteAsync(new StringValue { Value = "before" });
        Assert.True(await other.ResponseStream.MoveNext(CancellationToken.None).Soon());

        var refused = await Assert.ThrowsAsync<RpcException>(() => client.UnaryAsync(new StringValue(), metadata).ResponseAsync.Soon());

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Equal(EndpointHost.ModelVersion, refused.Trailers.GetValue(Trailers.ModelVersion));
        await other.RequestStream.WriteAsync(new StringValue { Value = "after" });
        Assert.True(await other.ResponseStream.MoveNext(CancellationToken.None).Soon());
        Assert.Empty(host.Errors);
    }

    [Theory]
    [InlineData("/m3.tests.Shapes/Nothing")]
    [InlineData("/m3.tests.Nobody/Nothing")]
    public async Task Path_OfNoMethod_IsUnimplementedWithTheVersions(string path)
    {
        await using var host = await EndpointHost.StartAsync();

        var answer = await RawCall.SendAsync(host.Address, path, new ByteArrayContent(RawCall.Frame(Message))).Soon();

        Assert.Equal(StatusCode.Unimplemented, answer.Status);
        AssertVersions(answer);
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task Limit_AboveTheWebServersOwn_Holds()
    {
        const int Limit = 40 << 20;
        await using var host = await EndpointHost.StartAsync(maxRequestBytes: Limit);
        var message = new StringValue { Value = new string('a', Limit - 10) }.ToByteArray();

        var answer = await RawCall.SendAsync(host.Address, PathOf("Unary"), new ByteArrayContent(RawCall.Frame(message))).Soon();

        Assert.Equal(StatusCode.OK, answer.Status);
    }

    private static Task<RawAnswer> SendAsync(EndpointHost host, string shape, params (string Name, string Value)[] headers) =>
        RawCall.SendAsync(host.Address, PathOf(shape), new ByteArrayContent(RawCall.Frame(Message)), headers).Soon();

    private static void AssertVersions(RawAnswer answer)
    {
        Assert.Equal(EndpointHost.ModelVersion, answer.Trailers[Trailers.ModelVersion]);
        Assert.Equal(EndpointHost.PredictorVersion, answer.Trailers[Trailers.PredictorVersion]);
    }

    private static string PathOf(string shape) => $"/m3.tests.Shapes/{shape}";

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class BrokenInterceptor : Interceptor
    {
        public BrokenInterceptor() => throw new InvalidOperationException("cannot be made");
    }
}
