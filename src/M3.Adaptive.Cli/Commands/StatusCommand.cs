using System.CommandLine;
using M3.Adaptive.Cli.Connection;
using M3.Adaptive.Cli.Output;

namespace M3.Adaptive.Cli.Commands;

/// <summary><c>status</c>: whether a service answers, and with what.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var server = new Option<string?>("--server")
        {
            Description = $"Address of the service (else $M3_SERVER, else {ServiceAddress.Default}).",
            HelpName = "ADDRESS",
        };
        var credentials = new CredentialArguments();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("status", "Tells whether a service answers, with which model and which predictor, and how many of its answers lie outside what the model is made for.") { server, json };
        foreach (var option in credentials.Options) command.Add(option);

        command.SetWork(async (parsed, cancellation) =>
        {
            var address = parsed.GetValue(server) is { } stated ? ServiceAddress.Parse(stated) : ServiceAddress.Configured;
            await using var service = ServiceConnection.To(address, credentials.Read(parsed));
            var status = await service.StatusAsync(cancellation);

            if (parsed.GetValue(json)) JsonOutput.Write(status);
            else StatusTable.Write(status);
            if (!status.Serving) throw new CommandException($"the service at {address} takes no questions: it is stopping", ExitCode.Failure);
        });
        return command;
    }
}
