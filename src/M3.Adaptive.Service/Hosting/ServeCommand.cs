using System.CommandLine;
using System.Globalization;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Inference;
using M3.Adaptive.Service.Settings;
using M3.Adaptive.Service.Web;

namespace M3.Adaptive.Service.Hosting;

/// <summary>The command line of <c>./m3 serve</c>: each option is a setting by another name, and wins over file and environment.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create()
    {
        var model = new Option<string?>("--model")
        {
            Description = "Checkpoint folder (else the model that comes with the product).",
            HelpName = "DIR",
        };
        var listen = new Option<string?>("--listen") { Description = "IP address to listen on (else 127.0.0.1).", HelpName = "ADDRESS" };
        var port = new Option<int?>("--port") { Description = "TCP port (else 50051); 0 takes a free one, which the ready line names." };
        var webPort = new Option<int?>("--web-port") { Description = "TCP port for HTTP (else the one after --port); 0 takes a free one, which a line after the ready line names." };
        var noWeb = new Option<bool>("--no-web") { Description = "Open no port for HTTP." };
        var insecure = new Option<bool>("--insecure") { Description = "Listen on any address although no key has been made: whoever reaches it is let in." };
        var threads = new Option<int?>("--threads") { Description = "Threads of one tensor operation (else one for each processor)." };
        var settings = new Option<string?>("--settings")
        {
            Description = """JSON file of settings, such as {"Routing": {"SafeScale": 36}}; what may change without a restart is read again when it does.""",
            HelpName = "FILE",
        };
        var check = new Option<bool>("--check") { Description = "Check settings, state, model and predictor, and end: with 0 if they are in order, else with 2 and what is wrong." };
        var open = new Option<bool>("--open") { Description = "Open the playground in a browser, where this machine has one." };
        var stopWithInput = new Option<bool>("--stop-with-input") { Description = "Stop when standard input ends." };

        var command = new Command(
            Name, "Answers questions about pictures over gRPC until it is stopped (Ctrl-C or SIGTERM lets running answers finish).")
        {
            model, listen, port, webPort, noWeb, insecure, threads, settings, check, open, stopWithInput, new VersionOption(),
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(noWeb) && result.GetValue(webPort) is not null) result.AddError("--web-port names a port that --no-web leaves closed: give one of the two.");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(noWeb) && result.GetValue(open)) result.AddError("--open needs the web port that --no-web leaves closed: give one of the two.");
        });
        command.SetWork((parsed, _) =>
        {
            IEnumerable<StatedSetting> options =
            [
                .. Stated(model, $"{InferenceOptions.Section}:{nameof(InferenceOptions.ModelDirectory)}", parsed.GetValue(model)),
                .. Stated(threads, $"{InferenceOptions.Section}:{nameof(InferenceOptions.Threads)}", parsed.GetValue(threads)),
                .. Stated(listen, $"{ServerOptions.Section}:{nameof(ServerOptions.Listen)}", parsed.GetValue(listen)),
                .. Stated(port, $"{ServerOptions.Section}:{nameof(ServerOptions.Port)}", parsed.GetValue(port)),
                .. Stated(webPort, $"{WebOptions.Section}:{nameof(WebOptions.Port)}", parsed.GetValue(webPort)),
                .. Stated(noWeb, $"{WebOptions.Section}:{nameof(WebOptions.Enabled)}", parsed.GetValue(noWeb) ? false : null),
                .. Stated(insecure, $"{ServerOptions.Section}:{nameof(ServerOptions.Insecure)}", parsed.GetValue(insecure) ? true : null),
            ];
            var sources = new SettingsSources(parsed.GetValue(settings), [.. EnvironmentSettings.Read(Environment.GetEnvironmentVariables()), .. options]);
            return parsed.GetValue(check) ? ServiceHost.CheckAsync(sources) : ServiceHost.RunAsync(sources, parsed.GetValue(stopWithInput), open: parsed.GetValue(open));
        });
        return command;
    }

    private static IEnumerable<StatedSetting> Stated(Option option, string key, object? value) =>
        value is null ? [] : [new StatedSetting(key, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", option.Name, static known => known)];
}
