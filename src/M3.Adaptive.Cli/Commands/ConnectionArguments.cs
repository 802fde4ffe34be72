using System.CommandLine;
using M3.Adaptive.Cli.Connection;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.Cli.Commands;

/// <summary>Which service is asked, and for how long.</summary>
internal sealed class ConnectionArguments
{
    private readonly Option<string?> _server = new("--server")
    {
        Description = $"Address of the service (else $M3_SERVER, else {ServiceAddress.Default}).",
        HelpName = "ADDRESS",
    };

    private readonly Option<string?> _model = new("--model")
    {
        Description = "Checkpoint folder: starts a private service with it for this call.",
        HelpName = "DIR",
    };

    private readonly Option<TimeSpan> _timeout = new Option<TimeSpan>("--timeout")
    {
        Description = "How long the answer may take, such as 30s or 5min.",
        HelpName = "DURATION",
        DefaultValueFactory = _ => TimeSpan.FromMinutes(5),
    }.Where(time => time > TimeSpan.Zero && time <= TimeSpan.FromDays(1), "a duration above 0, up to 1d");

    private readonly CredentialArguments _credentials = new();

    public IEnumerable<Option> Options => [_server, .. _credentials.Options, _model, _timeout];

    public TimeSpan Deadline(ParseResult parsed) => parsed.GetValue(_timeout);

    /// <summary>The stated service; else a running one; else a private one, which ends with the connection.</summary>
    /// <exception cref="CommandException">Both a service and a model are stated, or no private service could be started.</exception>
    public async Task<ServiceConnection> OpenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var server = parsed.GetValue(_server);
        var model = parsed.GetValue(_model);
        var credentials = _credentials.Read(parsed);
        if (server is not null && model is not null)
        {
            throw new CommandException("--model starts a private service and --server asks a running one: give only one of them");
        }

        if (server is not null) return ServiceConnection.To(ServiceAddress.Parse(server), credentials);
        if (model is not null) return await ServiceConnection.StartPrivateAsync(model, credentials, cancellation);
        var running = ServiceConnection.To(ServiceAddress.Configured, credentials);
        if (await running.IsServingAsync(cancellation)) return running;
        await running.DisposeAsync();
        return await ServiceConnection.StartPrivateAsync(ShippedModel.Folder, credentials, cancellation);
    }
}
