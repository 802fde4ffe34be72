using System.CommandLine;
using M3.Adaptive.Cli.Connection;
using M3.Adaptive.Cli.Output;

namespace M3.Adaptive.Cli.Commands;

/// <summary><c>outcome ID right|wrong|unknown</c>: what became of an answer.</summary>
internal static class OutcomeCommand
{
    private const string Right = "right", Wrong = "wrong", Unknown = "unknown";

    public static Command Create()
    {
        var decision = new Argument<string>("ID") { Description = "The answer's decisionId, as ask --json prints it." };
        var verdict = new Argument<string?>("VERDICT")
        {
            Description = "right, wrong, or unknown to take back what was said before.",
            HelpName = $"{Right}|{Wrong}|{Unknown}",
            Arity = ArgumentArity.ZeroOrOne,
        };
        verdict.AcceptOnlyFromAmong(Right, Wrong, Unknown);
        var reference = new Option<string?>("--reference") { Description = "What would have been right, instead of a verdict.", HelpName = "ANSWER" };
        var server = new Option<string?>("--server")
        {
            Description = $"Address of the service (else $M3_SERVER, else {ServiceAddress.Default}).",
            HelpName = "ADDRESS",
        };
        var credentials = new CredentialArguments();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("outcome", "Says what became of an answer, so that the predictor can be retrained on it.") { decision, verdict, reference, server, json };
        foreach (var option in credentials.Options) command.Add(option);

        command.SetWork(async (parsed, cancellation) =>
        {
            var request = new RecordOutcomeRequest { DecisionId = parsed.GetRequiredValue(decision) };
            switch (parsed.GetValue(verdict), parsed.GetValue(reference))
            {
                case ({ } said, null): request.Verdict = ToVerdict(said); break;
                case (null, { } answer): request.Reference = answer; break;
                default: throw new CommandException($"what became of it is one of {Right}, {Wrong} and {Unknown}, or --reference ANSWER: give exactly one of them");
            }

            await using var service = ServiceConnection.To(parsed.GetValue(server) is { } stated ? ServiceAddress.Parse(stated) : ServiceAddress.Configured, credentials.Read(parsed));
            await service.RecordAsync(request, cancellation);
            if (parsed.GetValue(json)) JsonOutput.Write(new { request.DecisionId, Verdict = parsed.GetValue(verdict), Reference = parsed.GetValue(reference) });
            else Terminal.Write("kept");
        });
        return command;
    }

    private static Verdict ToVerdict(string text) => text switch
    {
        Right => Verdict.Right,
        Wrong => Verdict.Wrong,
        _ => Verdict.Unknown,
    };
}
