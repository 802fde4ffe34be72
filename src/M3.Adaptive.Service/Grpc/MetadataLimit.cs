using Grpc.Core;
using M3.Adaptive.Service.Refusals;

namespace M3.Adaptive.Service.Grpc;

/// <summary>
/// Refuses calls with much metadata one by one. The web server itself would end the whole connection, and with it every other call, so it is
/// given a limit that only the absurd reaches.
/// </summary>
internal sealed class MetadataLimit(RequestDelegate next)
{
    /// <summary>Characters of all names and values at most.</summary>
    public const int MaxLength = 32 << 10;

    /// <summary>Bytes at which the connection ends.</summary>
    public const int MaxLengthOfConnection = 512 << 10;

    private static readonly Refusal TooMuch = new(StatusCode.ResourceExhausted, "TOO_MUCH_METADATA", $"The call's metadata has more than {MaxLength} bytes: send less.");

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Headers.Sum(static header => header.Key.Length + header.Value.Sum(static value => value?.Length ?? 0)) <= MaxLength)
            return next(context);
        return TooMuch.WriteToAsync(context);
    }
}
