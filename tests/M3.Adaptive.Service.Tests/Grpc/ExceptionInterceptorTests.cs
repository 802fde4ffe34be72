using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Service.Grpc;
using M3.Adaptive.Service.Tests.Doubles;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Status = Grpc.Core.Status;

namespace M3.Adaptive.Service.Tests.Grpc;

public sealed class ExceptionInterceptorTests
{
    private readonly FakeLogCollector _log = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Unary_NoException_PassesTheAnswer()
    {
        var answer = await Interceptor.UnaryServerHandler("question", new FakeCallContext(), (_, _) => Task.FromResult("answer"));

        Assert.Equal("answer", answer);
    }

    public static TheoryData<Exception> OfPlaces =>
    [
        new IOException("/srv/secret/m3.db is full"),
        new UnauthorizedAccessException("Access to /srv/secret/m3.db is denied"),
        new StoreUnavailableException("/srv/secret/m3.db is locked", new IOException("/srv/secret")),
    ];

    [Theory]
    [MemberData(nameof(OfPlaces))]
    public async Task Unary_FaultThatNamesAPlace_TellsTheCallerNothingOfIt(Exception fault)
    {
        var refused = await RefusalOf(fault);

        Assert.DoesNotContain("secret", refused.Status.Detail + refused.GetRpcStatus(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_InvalidRequest_NamesEveryFieldInTheDetails()
    {
        var refused = await RefusalOf(new InvalidRequestException([new("question", "is empty"), new("routing.min_scale", "is 2")]));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("question: is empty; routing.min_scale: is 2", refused.Status.Detail);
        var violations = DetailOf<BadRequest>(refused).FieldViolations;
        Assert.Equal([("question", "is empty"), ("routing.min_scale", "is 2")], violations.Select(one => (one.Field, one.Description)));
    }

    [Fact]
    public async Task Unary_BadImage_IsTheFieldsFault()
    {
        var refused = await RefusalOf(new InvalidImageException("This is text."));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("image.data: This is text.", refused.Status.Detail);
        Assert.Equal("image.data", Assert.Single(DetailOf<BadRequest>(refused).FieldViolations).Field);
    }

    [Fact]
    public async Task Unary_PromptTooLong_IsTheQuestionsFault()
    {
        var refused = await RefusalOf(new ContextLengthException(3000, 2048));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith("question: The prompt needs 3000", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_ForgottenImage_TellsToSendItAgain()
    {
        var refused = await RefusalOf(new ImageNotCachedException(new ImageHash("abc")));

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Contains("send its bytes", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_Overloaded_SaysWhenToRetry()
    {
        var refused = await RefusalOf(new OverloadedException(64, TimeSpan.FromSeconds(7)));

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Equal(7, DetailOf<RetryInfo>(refused).RetryDelay.Seconds);
    }

    [Fact]
    public async Task Unary_TooLargeForever_SaysTheNumbersAndNotToRetry()
    {
        var refused = await RefusalOf(TooLargeException.OfAnswer(3L << 20, 1L << 20));

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Contains("may need 3 MiB of keys and values and the service has 1 MiB", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Null(refused.GetRpcStatus()?.GetDetail<RetryInfo>());
    }

    [Fact]
    public async Task Unary_DecisionNotKept_IsUnavailableAndTellsNoPath()
    {
        var refused = await RefusalOf(new StoreUnavailableException("decisions cannot be kept: No space left on device : '/srv/m3/decisions'"));

        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.DoesNotContain("/srv", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_OwnStatus_IsLeftAlone()
    {
        var own = new RpcException(new Status(StatusCode.DataLoss, "mine"));

        Assert.Same(own, await RefusalOf(own));
    }

    [Fact]
    public async Task Unary_Cancelled_IsNoError()
    {
        var context = new FakeCallContext { Token = new CancellationToken(canceled: true) };

        var refused = await RefusalOf(new OperationCanceledException(), context);

        Assert.Equal(StatusCode.Cancelled, refused.StatusCode);
    }

    [Fact]
    public async Task Unary_CancelledByItsDeadline_SaysSo()
    {
        var context = new FakeCallContext { Token = new CancellationToken(canceled: true), StatedDeadline = _clock.GetUtcNow().UtcDateTime };

        var refused = await RefusalOf(new OperationCanceledException(), context);

        Assert.Equal(StatusCode.DeadlineExceeded, refused.StatusCode);
    }

    [Fact]
    public async Task Unary_AnythingElse_IsInternalWithALoggedIdAndNoDetails()
    {
        var refused = await RefusalOf(new InvalidOperationException("the secret"));

        Assert.Equal(StatusCode.Internal, refused.StatusCode);
        Assert.DoesNotContain("secret", refused.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.GetRpcStatus()?.ToString(), StringComparison.Ordinal);
        var entry = Assert.Single(_log.GetSnapshot());
        Assert.Equal("the secret", entry.Exception?.Message);
        var id = entry.Message.Split(' ')[2];
        Assert.Contains(id, refused.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(id, DetailOf<RequestInfo>(refused).RequestId);
    }

    [Fact]
    public async Task Unary_CancellationOfNobody_IsOurFault()
    {
        var refused = await RefusalOf(new OperationCanceledException());

        Assert.Equal(StatusCode.Internal, refused.StatusCode);
    }

    public static TheoryData<Exception, string> Reasons => new()
    {
        { new InvalidRequestException([]), "INVALID_REQUEST" },
        { new InvalidImageException("text"), "UNREADABLE_IMAGE" },
        { new ContextLengthException(2, 1), "PROMPT_TOO_LONG" },
        { new ImageNotCachedException(new ImageHash("abc")), "IMAGE_NOT_CACHED" },
        { TooLargeException.OfAnswer(2, 1), "TOO_LARGE" },
        { new OverloadedException(1), "OVERLOADED" },
        { new StoreUnavailableException("full"), "STORE_UNAVAILABLE" },
        { new RequestIdReusedException("r1"), "REQUEST_ID_REUSED" },
        { new DecisionNotFoundException(Guid.Empty), "DECISION_NOT_FOUND" },
        { new InvalidOperationException(), "INTERNAL" },
        { CallFaults.Full(), "MEMORY_FULL" },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task Unary_AnyRefusal_StatesItsReason(Exception exception, string reason)
    {
        var stated = DetailOf<ErrorInfo>(await RefusalOf(exception));

        Assert.Equal((reason, "m3.adaptive"), (stated.Reason, stated.Domain));
    }

    [Fact]
    public async Task Unary_FailedAfterRoutingBegan_TellsThePathSoFar()
    {
        var (scale, charged) = (VisualScale.Of(9), new Cost(9, 1e6, 0.5));
        var step = new PathStep(scale, StepReason.Economy, new Likelihood(0.5f, 0.4f), new Likelihood(0.2f, 0.1f), charged);
        var route = new RouteSoFar(new ScaleDecision(scale, StepReason.Economy, 1), [step], charged + charged);

        var refused = await RefusalOf(new RouteInterruptedException(route, new OverloadedException(64)));

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.NotNull(DetailOf<RetryInfo>(refused));
        var told = DetailOf<Contracts.V1.RouteSoFar>(refused);
        Assert.Equal((9, Contracts.V1.StepReason.Economy, 18L), (told.Scale, told.Reason, told.Charged.VisualTokens));
        Assert.Equal((9, 0.1f), (Assert.Single(told.Path).Scale, (float)told.Path[0].Confidence));
    }

    private ExceptionInterceptor Interceptor => new(new CallFaults(_clock, new FakeLogger<CallFaults>(_log)));

    // Our own faults are logged, and nothing else is.
    private async Task<RpcException> RefusalOf(Exception exception, FakeCallContext? context = null)
    {
        var refused = await Assert.ThrowsAnyAsync<RpcException>(
            () => Interceptor.UnaryServerHandler<string, string>("question", context ?? new FakeCallContext(), (_, _) => throw exception));
        Assert.Equal(refused.StatusCode == StatusCode.Internal ? 1 : 0, _log.Count);
        return refused;
    }

    private static T DetailOf<T>(RpcException refused)
        where T : class, IMessage<T>, new() => refused.GetRpcStatus()?.GetDetail<T>() ?? throw new InvalidDataException("No such detail.");
}
