using Grpc.Core;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Routing.Requests;

namespace M3.Adaptive.Service.Grpc;

/// <summary>Sends the text of an answer as parts of a stream.</summary>
internal sealed class StreamedText(IServerStreamWriter<GenerateStreamResponse> responses) : ITextSink
{
    public async ValueTask WriteAsync(string text, CancellationToken cancellation) =>
        await responses.WriteAsync(new GenerateStreamResponse { Text = text }, cancellation);
}
