
namespace M3.Adaptive.Cli.Connection;

/// <summary>Where a service listens: <c>host:port</c>, <c>http://host:port</c> or <c>https://host:port</c>.</summary>
internal static class ServiceAddress
{
    public const string Default = "http://127.0.0.1:50051";

    public static Uri Configured => Parse(Environment.GetEnvironmentVariable("M3_SERVER") is { Length: > 0 } stated ? stated : Default);

    /// <exception cref="CommandException"><paramref name="text"/> is no such address.</exception>
    public static Uri Parse(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var address)
        && address is { Scheme: "http" or "https", PathAndQuery: "/", Port: > 0 }
            ? address
            : throw new CommandException($"'{text}' is no address of a service: write it like {Default}");
}
