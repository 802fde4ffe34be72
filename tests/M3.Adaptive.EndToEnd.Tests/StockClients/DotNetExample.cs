using Google.Protobuf;
using Grpc.Core;
using M3.Adaptive.Client;
using M3.Adaptive.Contracts.V1;

namespace M3.Adaptive.EndToEnd.Tests.StockClients;

/// <summary>The C# example of protos/README.md, as a test compiles and runs it.</summary>
internal static class DotNetExample
{
    public static async Task RunAsync(string address, string picturePath, TextWriter Console)
    {
        // From here on as in protos/README.md.
        using var client = new M3Client(new M3ClientOptions { Addresses = { new Uri(address) } });
        var picture = new Image { Data = ByteString.CopyFrom(File.ReadAllBytes(picturePath)) };
        GenerateRequest Ask(string question) => new() { RequestId = $"{Guid.NewGuid()}", Image = picture, Question = question };

        var estimate = await client.RouteAsync(new RouteRequest { Image = picture, Question = "which bar is the highest" });
        Console.WriteLine($"expected {estimate.Expected.VisualTokens} visual tokens, at most {estimate.Worst.VisualTokens}");

        await foreach (var part in client.GenerateStreamAsync(Ask("which bar is the highest")))
        {
            if (part.HasText) Console.Write(part.Text);
            else Console.WriteLine($" ({part.End.Charged.VisualTokens} visual tokens, decision {part.End.Decision.DecisionId})");
        }

        using var batch = new AdaptiveService.AdaptiveServiceClient(client.Invoker).GenerateBatch();
        foreach (var question in new[] { "which bar is the highest", "what is the value of the highest bar" }) await batch.RequestStream.WriteAsync(Ask(question));
        await batch.RequestStream.CompleteAsync();
        await foreach (var one in batch.ResponseStream.ReadAllAsync())
        {
            Console.WriteLine($"{one.RequestId}: {one.Answer?.Text ?? one.Error.Message}");
            if (one.Answer is not { } answer) continue;
            await client.RecordAsync(new RecordOutcomeRequest { DecisionId = answer.Decision.DecisionId, Verdict = Verdict.Right });
        }
    }
}
