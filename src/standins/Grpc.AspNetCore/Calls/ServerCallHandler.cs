using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Runs the calls of one method; each shape says how its handler is fed and its answers are sent.</summary>
internal abstract class ServerCallHandler(IMethod method, ServiceSettings settings)
{
    public Task HandleAsync(HttpContext http) => GrpcRequest.TryAccept(http, method.FullName) ? RunAsync(http) : Task.CompletedTask;

    /// <summary>Reads the request, runs the handler and ends the call; what it throws becomes the call's status.</summary>
    protected abstract Task InvokeAsync(ServerCall call);

    private async Task RunAsync(HttpContext http)
    {
        var call = new ServerCall(http, method, settings);
        try
        {
            if (!call.StartDeadline()) return;
            call.LiftBodyLimits(streams: method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming);
            await InvokeAsync(call).ConfigureAwait(false);
        }
        catch (Exception exception) // whatever a handler throws is the call's end, not the server's
        {
            await call.EndWithAsync(exception).ConfigureAwait(false);
        }
        finally
        {
            await call.FinishAsync().ConfigureAwait(false);
        }
    }
}
