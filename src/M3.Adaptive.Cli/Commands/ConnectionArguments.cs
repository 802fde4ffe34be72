using System.CommandLine;
using M3.Adaptive.Cli.Connection;

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

    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "Seconds that the answer may take.",
        DefaultValueFactory = _ => 300,
    };

    public ConnectionArguments() => _timeout.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<double>() is not (> 0 and <= 86_400)) result.AddError("--timeout takes seconds above 0, up to 86400.");
    });

    public IEnumerable<Option> Options => [_server, _model, _timeout];

    public TimeSpan Deadline(ParseResult parsed) => TimeSpan.FromSeconds(parsed.GetValue(_timeout));

    /// <summary>The stated service; else a running one; else a private one, which ends with the connection.</summary>
    /// <exception cref="CommandException">Both a service and a model are stated, or no private service could be started.</exception>
    public async Task<ServiceConnection> OpenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var server = parsed.GetValue(_server);
        var model = parsed.GetValue(_model);
        if (server is not null && model is not null)
        {
            throw new CommandException("--model starts a private service and --server asks a running one: give only one of them");
        }

        if (server is not null) return ServiceConnection.To(ServiceAddress.Parse(server));
        if (model is not null) return await ServiceConnection.StartPrivateAsync(model, cancellation);
        var running = ServiceConnection.To(ServiceAddress.Configured);
        if (await running.IsServingAsync(cancellation)) return running;
        await running.DisposeAsync();
        return await ServiceConnection.StartPrivateAsync(ShippedModel.Folder, cancellation);
    }
}
