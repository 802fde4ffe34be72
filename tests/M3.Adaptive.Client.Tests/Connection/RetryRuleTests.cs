using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using M3.Adaptive.Client.Connection;
using M3.Adaptive.Contracts;
using Status = Google.Rpc.Status;

namespace M3.Adaptive.Client.Tests.Connection;

public sealed class RetryRuleTests
{
    private static readonly M3ClientOptions Options = new() { MaxAttempts = 3, MaxRetryDelay = TimeSpan.FromSeconds(2) };

    [Fact]
    public void After_FullForAMoment_WaitsAsLongAsAskedAndAsksTheNext() =>
        Assert.Equal(new Retry(TimeSpan.FromSeconds(1), Elsewhere: true), RetryRule.After(Failure(StatusCode.ResourceExhausted, 1), attempts: 1, Options));

    [Fact]
    public void After_FullForLong_IsFinal() => Assert.Null(RetryRule.After(Failure(StatusCode.ResourceExhausted, 3600), attempts: 1, Options));

    [Fact]
    public void After_TooLargeForever_IsFinal() => Assert.Null(RetryRule.After(Failure(StatusCode.ResourceExhausted), attempts: 1, Options));

    [Fact]
    public void After_LastAttempt_IsFinal() => Assert.Null(RetryRule.After(Failure(StatusCode.Unavailable), attempts: 3, Options));

    [Fact]
    public void After_UnavailableOfUnknownFate_AsksTheSameAgainEverLater() => Assert.Equal(
        [new Retry(TimeSpan.FromMilliseconds(100), Elsewhere: false), new Retry(TimeSpan.FromMilliseconds(200), Elsewhere: false)],
        [RetryRule.After(Failure(StatusCode.Unavailable), attempts: 1, Options), RetryRule.After(Failure(StatusCode.Unavailable), attempts: 2, Options)]);

    [Fact]
    public void After_NeverReached_AsksTheNext() => Assert.True(After(new SocketException((int)SocketError.ConnectionRefused))?.Elsewhere);

    [Fact]
    public void After_NoSuchName_AsksTheNext() => Assert.True(After(new HttpRequestException(HttpRequestError.NameResolutionError))?.Elsewhere);

    [Fact]
    public void After_ConnectionResetMeanwhile_AsksTheSame() => Assert.False(After(new IOException("reset", new SocketException((int)SocketError.ConnectionReset)))?.Elsewhere);

    [Fact]
    public void After_UnavailableSaidByTheService_AsksTheNext() => Assert.True(RetryRule.After(
        new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, ""), new Metadata { { Trailers.ModelVersion, "model@1" } }), attempts: 1, Options)?.Elsewhere);

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unauthenticated)]
    public void After_WhatWillNotMendItself_IsFinal(StatusCode code) => Assert.Null(RetryRule.After(Failure(code), attempts: 1, Options));

    private static Retry? After(Exception cause) => RetryRule.After(new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "", cause)), attempts: 1, Options);

    private static RpcException Failure(StatusCode code, int? retrySeconds = null)
    {
        var status = new Status { Code = (int)code };
        if (retrySeconds is { } seconds) status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = TimeSpan.FromSeconds(seconds).ToDuration() }));
        return status.ToRpcException();
    }
}
