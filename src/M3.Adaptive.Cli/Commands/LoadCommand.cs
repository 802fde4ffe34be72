using System.CommandLine;
using Google.Protobuf;
using Grpc.Core;
using M3.Adaptive.Cli.Connection;
using M3.Adaptive.Cli.Load;
using M3.Adaptive.Cli.Output;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.Cli.Commands;

/// <summary><c>load</c>: how a service keeps up with requests that do not wait for each other.</summary>
internal static class LoadCommand
{
    private const string Automatic = "auto";
    private static readonly string[] ScaleNames = [Automatic, "1", "9", "36", "144", "576"];

    public static Command Create()
    {
        var data = new Option<string?>("--data")
        {
            Description = "Folder with questions.jsonl and its pictures (else the committed test questions).",
            HelpName = "DIR",
        };
        var requests = new Option<int>("--requests") { Description = "How many requests are sent.", DefaultValueFactory = _ => 100 }
            .Where(count => count is >= 1 and <= 10_000_000, "1 to 10000000");
        var rate = new Option<double>("--rate") { Description = "Requests a second on average; gaps between them are exponential.", DefaultValueFactory = _ => 5 }
            .Where(rate => rate is >= 0.001 and <= 100_000, "a number from 0.001 to 100000");
        var callers = new Option<int?>("--callers") { Description = "Instead of a rate: so many ask at the same time, each when it has been answered." }
            .Where(count => count is >= 1 and <= 10_000, "1 to 10000");
        var seed = new Option<int>("--seed") { Description = "Of arrivals, questions and scales: the same seed sends the same requests.", DefaultValueFactory = _ => 0 };
        var mix = new Option<string?>("--mix") { Description = "Scales in the place of --scale, by weight, such as auto=3,36=1,576=1.", HelpName = "SCALE=WEIGHT,..." };
        var families = new Option<string?>("--families") { Description = "Families of questions by weight, such as sign=2,count=1 (else as the folder has them).", HelpName = "FAMILY=WEIGHT,..." };
        var pictures = new Option<int?>("--pictures") { Description = "Distinct pictures at most: fewer of them are more often in the service's cache." }
            .Where(count => count >= 1, "1 or more");
        var warmUp = new Option<int>("--warm-up") { Description = "Requests sent one by one before the run; they are not counted.", DefaultValueFactory = _ => 5 }
            .Where(count => count >= 0, "0 or more");
        var stream = new Option<bool>("--stream") { Description = "Have answers streamed, and measure the time to their first text, too." };
        var routing = new RoutingArguments();
        var decoding = new DecodingArguments();
        var connection = new ConnectionArguments();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "load",
            "Sends questions at a stated rate, whether or not earlier ones are answered, or by callers who wait for their answers, to a running service, "
            + "else to a private one, and measures throughput, latency, scales, charges and refusals.")
        {
            data, requests, rate, callers, seed, mix, families, pictures, warmUp, stream, json,
        };
        foreach (var option in routing.Options.Concat(decoding.Options).Concat(connection.Options)) command.Add(option);

        command.SetWork(async (parsed, cancellation) =>
        {
            var wish = routing.Read(parsed);
            var together = parsed.GetValue(callers);
            if (together is not null && parsed.GetResult(rate) is { Implicit: false })
                throw new CommandException("--callers takes the place of --rate: give only one of them");
            if (parsed.GetValue(mix) is not null && wish.PolicyCase == RoutingOptions.PolicyOneofCase.Fixed)
                throw new CommandException("--mix takes the place of --scale: give only one of them");
            var folder = parsed.GetValue(data) ?? Path.Combine(ShippedModel.Folder, "test");
            IReadOnlyList<Question> questions = [.. Spread(QuestionSet.Read(folder).Questions, parsed.GetValue(pictures))];
            var scales = parsed.GetValue(mix) is { } named ? Mix.Parse(mix.Name, named, ScaleNames) : new Mix((Automatic, 1));
            var known = questions.Select(LoadPlan.FamilyOf).Distinct().Order(StringComparer.Ordinal).ToList();
            var asked = parsed.GetValue(families) is { } weights ? Mix.Parse(families.Name, weights, known) : null;
            var warming = parsed.GetValue(warmUp);
            var total = parsed.GetValue(requests);
            var plan = new LoadPlan(questions, scales, asked).Draw(total, parsed.GetValue(rate), parsed.GetValue(seed));

            // Reading a file is no part of a request.
            var files = new Dictionary<string, ByteString>();
            foreach (var image in plan.Select(request => request.Question.Image).Distinct())
                files[image] = await PictureFile.ReadAsync(Path.Combine(folder, image), cancellation);

            await using var service = await connection.OpenAsync(parsed, cancellation);
            var status = await service.StatusAsync(cancellation);
            // One by one, as fast as they are answered; a refusal is met again in the run, which counts it.
            foreach (var request in plan.Take(warming))
                await new LoadRun(AskAsync, TimeProvider.System, static _ => { }).RunAsync([request with { At = TimeSpan.Zero }], cancellation);
            var run = new LoadRun(AskAsync, TimeProvider.System, ShowProgress);
            var outcomes = together is { } count ? await run.RunAsync(plan, count, cancellation) : await run.RunAsync(plan, cancellation);
            ClearProgress();

            var report = LoadReport.Of(outcomes, together is null ? parsed.GetValue(rate) : null, together, parsed.GetValue(seed), status.Model, status.Predictor);
            if (parsed.GetValue(json)) JsonOutput.Write(report);
            else LoadTable.Write(report);
            if (report.Answered == 0)
                throw new CommandException($"no request was answered; the first refusal was {report.ErrorDetails.First().Key}: {report.ErrorDetails.First().Value}", ExitCode.Failure);

            async Task<LoadAnswer> AskAsync(PlannedRequest request, Action onText, CancellationToken cancellation)
            {
                var options = wish.Clone();
                if (request.Scale != Automatic) options.Fixed = new FixedPolicy { Scale = int.Parse(request.Scale) };
                var message = new GenerateRequest
                {
                    Image = new Image { Data = files[request.Question.Image] },
                    Question = request.Question.Text,
                    Routing = options,
                    Decoding = decoding.Read(parsed),
                };
                try
                {
                    var reply = parsed.GetValue(stream)
                        ? await service.GenerateStreamAsync(message, connection.Deadline(parsed), _ => onText(), cancellation)
                        : await service.GenerateAsync(message, connection.Deadline(parsed), cancellation);
                    return new LoadAnswer(reply.Path[^1].Scale, reply.Charged.VisualTokens, reply.Charged.Flops, reply.Seconds.Encode > 0 ? reply.EncodeFlops : 0, request.Question.IsAnsweredBy(reply.Text));
                }
                catch (CommandException fault) when (fault.InnerException is RpcException refusal)
                {
                    throw refusal;                         // a service that went away in the middle is a result, too
                }
            }
        },
        whenInterrupted: "what was sent was not measured to its end, so nothing is reported");
        return command;
    }

    // Questions about so many pictures at most, taken at equal distances.
    private static IEnumerable<Question> Spread(IReadOnlyList<Question> all, int? pictures)
    {
        List<IGrouping<string, Question>> byImage = [.. all.GroupBy(question => question.Image)];
        if (pictures is not { } count || count >= byImage.Count) return all;
        return Enumerable.Range(0, count).SelectMany(index => byImage[(int)((long)index * byImage.Count / count)]);
    }

    // One line that is written over, on a terminal only.
    private static void ShowProgress(LoadProgress progress)
    {
        if (Console.IsErrorRedirected) return;
        var running = progress.Sent - progress.Answered - progress.Refused;
        Console.Error.Write($"\r\e[Ksent {progress.Sent} of {progress.Total}, answered {progress.Answered}, refused {progress.Refused}, running {running}");
    }

    private static void ClearProgress()
    {
        if (!Console.IsErrorRedirected) Console.Error.Write("\r\e[K");
    }
}
