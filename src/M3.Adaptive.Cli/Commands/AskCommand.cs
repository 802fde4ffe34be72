using System.CommandLine;
using M3.Adaptive.Cli.Connection;
using M3.Adaptive.Cli.Output;
using M3.Adaptive.CommandLine.Values;

namespace M3.Adaptive.Cli.Commands;

/// <summary><c>ask IMAGE QUESTION</c>: one question about one picture.</summary>
internal static class AskCommand
{
    public static Command Create()
    {
        var image = new Argument<string>("IMAGE") { Description = "A JPEG, PNG or WebP file." };
        var question = new Argument<string>("QUESTION") { Description = "What is asked, in plain words." };
        var routing = new RoutingArguments();
        var decoding = new DecodingArguments();
        var connection = new ConnectionArguments();
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var stream = new Option<bool>("--stream") { Description = "Print the answer as it comes; a finer scale may then only take the place of its first token." };

        var command = new Command(
            "ask",
            "Asks one question about one picture: of a running service, else of a private one for this call. "
            + "The model that comes with the product is made for generated pictures like its samples, not for photographs.")
        {
            image, question, json, stream,
        };
        foreach (var option in routing.Options.Concat(decoding.Options).Concat(connection.Options)) command.Add(option);

        command.SetWork(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(json) && parsed.GetValue(stream)) throw new CommandException("--stream prints text as it comes and --json one object: give only one of them");
            // The runtime reads what it cannot decode as this character.
            if (parsed.GetRequiredValue(question).Contains('\uFFFD')) throw new CommandException("the question is not in UTF-8, which this terminal or script is to write");
            var request = new GenerateRequest
            {
                Image = new Image { Data = await PictureFile.ReadAsync(parsed.GetRequiredValue(image), cancellation) },
                Question = parsed.GetRequiredValue(question),
                Routing = routing.Read(parsed),
                Decoding = decoding.Read(parsed),
            };

            await using var service = await connection.OpenAsync(parsed, cancellation);
            if (parsed.GetValue(stream))
            {
                AnswerTable.WriteBehindText(AnswerView.Of(await StreamAsync(service, request, connection.Deadline(parsed), cancellation)));
                return;
            }

            var answer = AnswerView.Of(await service.GenerateAsync(request, connection.Deadline(parsed), cancellation));
            if (parsed.GetValue(json)) JsonOutput.Write(answer);
            else AnswerTable.Write(answer);
        });
        return command;
    }

    // What has been printed ends its line, whatever ends the stream.
    private static async Task<GenerateResponse> StreamAsync(ServiceConnection service, GenerateRequest request, TimeSpan limit, CancellationToken cancellation)
    {
        var isOpen = false;
        try
        {
            return await service.GenerateStreamAsync(request, limit, Write, cancellation);
        }
        finally
        {
            if (isOpen) Console.Out.WriteLine();
        }

        void Write(string text)
        {
            Console.Out.Write(Printable.Of(text));
            isOpen = true;
        }
    }
}
