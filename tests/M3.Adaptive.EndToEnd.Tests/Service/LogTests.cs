using Google.Protobuf;
using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Serving.Pictures;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>The log tells what concerns the operator: nothing for a request, and nothing of what clients do wrong.</summary>
public sealed class LogTests : IDisposable
{
    private const int Calls = 300;

    private readonly TinyCheckpoint _checkpoint = TinyCheckpoint.Create();

    public void Dispose() => _checkpoint.Dispose();

    [Fact]
    public async Task Log_CancelledLateAndWrongCalls_StaysAsItWas()
    {
        await using var service = await ServiceProcess.StartAsync(_checkpoint.Folder);
        await AskAsync(service, 0);
        var before = service.Log;

        var ended = await Task.WhenAll(Enumerable.Range(0, Calls).Select(number => AskAsync(service, number))).Soon();

        Assert.Contains(StatusCode.OK, ended);
        Assert.Contains(StatusCode.InvalidArgument, ended);
        Assert.Contains(ended, status => status is StatusCode.Cancelled or StatusCode.DeadlineExceeded);
        Assert.Equal(before, service.Log);
    }

    // In turn: a good one, one that is cancelled, one with a deadline too short, one that is wrong.
    private static async Task<StatusCode> AskAsync(ServiceProcess service, int number)
    {
        var request = new GenerateRequest
        {
            RequestId = $"\e[31m{number}\r\n",
            Image = new Image { Data = ByteString.CopyFrom(PlainPicture.Png(10, 200, 10)) },
            Question = number % 4 == 3 ? "" : "what is it",
            Decoding = new DecodingOptions { MaxNewTokens = 2 },
        };
        DateTime? deadline = number % 4 == 2 ? TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(number / 10.0) : null;
        using var call = service.Client.GenerateAsync(request, deadline: deadline);
        if (number % 4 == 1) call.Dispose();
        try
        {
            await call;
            return StatusCode.OK;
        }
        catch (RpcException ended)
        {
            return ended.StatusCode;
        }
    }
}
