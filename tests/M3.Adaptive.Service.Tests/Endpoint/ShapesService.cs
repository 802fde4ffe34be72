using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using M3.Adaptive.Service.Auth;
using Microsoft.AspNetCore.Authorization;

namespace M3.Adaptive.Service.Tests.Endpoint;

/// <summary>A method of each shape, and one for admins, all of which do what the test says: every request text is answered by one.</summary>
internal sealed class ShapesService(ShapesService.Behaviour behaviour) : Shapes.ShapesBase
{
    public override async Task<StringValue> Unary(StringValue request, ServerCallContext context) => await AnswerAsync(request, context);

    public override async Task<StringValue> ClientStream(IAsyncStreamReader<StringValue> requestStream, ServerCallContext context)
    {
        var last = new StringValue();
        while (await requestStream.MoveNext(context.CancellationToken)) last = await AnswerAsync(requestStream.Current, context);
        return last;
    }

    public override async Task ServerStream(StringValue request, IServerStreamWriter<StringValue> responseStream, ServerCallContext context) =>
        await responseStream.WriteAsync(await AnswerAsync(request, context));

    public override async Task Duplex(
        IAsyncStreamReader<StringValue> requestStream, IServerStreamWriter<StringValue> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            await responseStream.WriteAsync(await AnswerAsync(requestStream.Current, context));
        }
    }

    [Authorize(Policy = Door.Admins)]
    public override async Task<StringValue> ForAdmins(StringValue request, ServerCallContext context) => await AnswerAsync(request, context);

    private async Task<StringValue> AnswerAsync(StringValue request, ServerCallContext context) =>
        new() { Value = await behaviour.Answer(request.Value, context) };

    /// <summary>What the methods do; unless a test says otherwise they return what they were sent.</summary>
    internal sealed class Behaviour
    {
        public Func<string, ServerCallContext, Task<string>> Answer { get; set; } = static (text, _) => Task.FromResult(text);
    }
}
