using Grpc.AspNetCore.Server;
using Grpc.Core;
using M3.Adaptive.Service.Refusals;

namespace M3.Adaptive.Service.Grpc;

/// <summary>
/// Gives calls their status that end before any interceptor is asked. Where the library cannot read their one request it says UNKNOWN or
/// INTERNAL; anything else that goes wrong there is a fault of ours.
/// </summary>
internal sealed class UnreadableRequests(RequestDelegate next, CallFaults faults)
{
    public async Task InvokeAsync(HttpContext http)
    {
        await next(http);
        if (http.Response.HasStarted || http.Features.Get<IServerCallContextFeature>()?.ServerCallContext is not { } call) return;
        if (http.RequestAborted.IsCancellationRequested || RefusalInsteadOf(call.Status, call) is not { } refusal) return;

        await refusal.WriteToAsync(http);
    }

    private Refusal? RefusalInsteadOf(Status given, ServerCallContext call) => given switch
    {
        { StatusCode: StatusCode.Unknown, DebugException: { } exception } =>
            CallFaults.IsUnreadable(exception) ? CallFaults.Unreadable : faults.Internal(exception, call.Method),
        { StatusCode: StatusCode.Internal, DebugException: null } => CallFaults.Unreadable,     // ours has the exception
        _ => null,
    };
}
