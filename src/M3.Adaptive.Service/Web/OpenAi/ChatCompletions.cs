using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Service.Admission;
using M3.Adaptive.Service.Auth;
using M3.Adaptive.Service.Grpc;
using MediatR;
using Microsoft.AspNetCore.Http.Features;

namespace M3.Adaptive.Service.Web.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>: a question about a picture, mapped to the use case that answers it and back, and nothing else.</summary>
internal sealed class ChatCompletions(IMediator mediator, WebFaults faults, WebLimits limits, TimeProvider clock)
{
    /// <summary>Header that identifies retries of the same request.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    private static readonly WebError NoJson = new(StatusCodes.Status415UnsupportedMediaType, "The request is not declared as JSON: send the header Content-Type: application/json.", "no_json");

    public async Task AnswerAsync(HttpContext context)
    {
        var stream = (EventStream?)null;
        try
        {
            if (!context.Request.HasJsonContentType()) throw new WebErrorException(NoJson);
            var request = await ReadAsync(context);
            var model = await mediator.Send(new ModelQuery("", MaxNewTokens: null), context.RequestAborted);
            OpenAiModels.ThrowIfAnother(request.Model, model.Model);
            var replies = new ChatReplies($"chatcmpl-{Guid.NewGuid():N}", clock.GetUtcNow(), model.Model);
            var query = ChatWishes.ToQuery(request, context.User.ToCaller(), context.Request.Headers[IdempotencyKey] is [{ Length: > 0 } id] ? id : null);
            if (request.IsStreamed) stream = new EventStream(context.Response, replies);
            var reply = await mediator.Send(query with { Sink = stream }, context.RequestAborted);
            if (stream is null) await context.Response.WriteAsJsonAsync(replies.Complete(reply), OpenAiJson.Default.ChatReply, cancellationToken: context.RequestAborted);
            else await stream.EndAsync(reply, request.IncludesUsage, context.RequestAborted);
        }
        catch (Exception fault) when (!context.RequestAborted.IsCancellationRequested)
        {
            var error = FieldNames.InOurs(faults.ErrorOf(fault, context));
            if (stream is not null && context.Response.HasStarted) await stream.FailAsync(error, context.RequestAborted);
            else await error.WriteToAsync(context);
        }
    }

    // The text that the picture came in is held until the request has been read, the picture itself until its end.
    private async Task<ChatRequest> ReadAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context, limits.MaxRequestBytes);
        var request = ChatRequestReader.Read(body);
        if (!context.Features.GetRequiredFeature<RequestMemory.Share>().TryHoldAtLeast(body.Length + request.Picture.Length)) throw CallFaults.Full();
        return request;
    }
}
