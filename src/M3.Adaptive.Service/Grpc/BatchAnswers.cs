using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Service.Admission;
using M3.Adaptive.Service.Auth;
using MediatR;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Answers the requests of one call several at a time, each as soon as it is ready. No more are read than are being answered.</summary>
internal sealed class BatchAnswers(IMediator mediator, RequestMemory memory, CallFaults faults)
{
    /// <summary>Requests of one call that are answered at the same time.</summary>
    public const int AtOnce = 16;

    public async Task RunAsync(IAsyncStreamReader<GenerateRequest> requests, IServerStreamWriter<GenerateBatchResponse> responses, ServerCallContext context)
    {
        using var writing = new SemaphoreSlim(1);                                  // a stream takes one message at a time
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        HashSet<Task> running = [];
        try
        {
            while (await requests.MoveNext(context.CancellationToken))
            {
                var request = requests.Current;
                if (!request.HasRequestId) throw new InvalidRequestException([new("request_id", "is missing; every request of a batch needs one, so that its answer can be told")]);
                running.Add(AnswerAsync(request, responses, writing, context, stopping.Token));
                if (running.Count < AtOnce) continue;
                var ended = await Task.WhenAny(running);
                running.Remove(ended);
                await ended;
            }

            await Task.WhenAll(running);
        }
        catch
        {
            await stopping.CancelAsync();
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);   // what ended the call is told, not what followed
            throw;
        }
    }

    private async Task AnswerAsync(
        GenerateRequest request, IServerStreamWriter<GenerateBatchResponse> responses, SemaphoreSlim writing, ServerCallContext context, CancellationToken cancellation)
    {
        var response = new GenerateBatchResponse { RequestId = request.RequestId };
        try
        {
            using var share = memory.Enter();                                      // the stream itself counts one message only
            if (!share.TryHold(request.CalculateSize())) throw CallFaults.Full();
            var query = RequestMapping.ToQuery(request, context.Caller(), context.Deadline);
            response.Answer = ReplyMapping.ToResponse(await mediator.Send(query, cancellation));
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            response.Error = faults.StatusOf(fault, context).GetRpcStatus();
        }

        await writing.WaitAsync(cancellation);
        try
        {
            await responses.WriteAsync(response, cancellation);
        }
        finally
        {
            writing.Release();
        }
    }
}
