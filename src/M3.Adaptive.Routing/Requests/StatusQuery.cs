using M3.Adaptive.Routing.Telemetry;
using MediatR;

namespace M3.Adaptive.Routing.Requests;

/// <summary>Asks what has been done since the start.</summary>
public sealed record StatusQuery : IRequest<StatusReply>;

/// <param name="Answers">Answers given; a remembered reply is not counted again.</param>
/// <param name="Unfamiliar">Those of them that lay outside what the model was made for.</param>
public sealed record StatusReply(long Answers, long Unfamiliar);

/// <summary>Reads the counters.</summary>
internal sealed class StatusHandler(AnswerCounts counts) : IRequestHandler<StatusQuery, StatusReply>
{
    public Task<StatusReply> Handle(StatusQuery query, CancellationToken cancellationToken) => Task.FromResult(new StatusReply(counts.Answers, counts.Unfamiliar));
}
