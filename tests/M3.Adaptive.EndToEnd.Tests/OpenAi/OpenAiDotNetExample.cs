using System.ClientModel;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;

namespace M3.Adaptive.EndToEnd.Tests.OpenAi;

/// <summary>The example of protos/README.md with the NuGet package OpenAI, as a test compiles and runs it.</summary>
internal static class OpenAiDotNetExample
{
    public static async Task RunAsync(string address, string model, string picturePath, TextWriter Console)
    {
        // From here on as in protos/README.md.
        var client = new ChatClient(model, new ApiKeyCredential("KEY"), new OpenAIClientOptions { Endpoint = new Uri($"{address}/v1") });
        var picture = BinaryData.FromBytes(File.ReadAllBytes(picturePath));
        var question = new UserChatMessage(
            ChatMessageContentPart.CreateTextPart("which bar is the highest"), ChatMessageContentPart.CreateImagePart(picture, "image/png", ChatImageDetailLevel.Auto));

        var options = new ChatCompletionOptions();
#pragma warning disable SCME0001                                                   // Patch is experimental
        options.Patch.Set("$.max_visual_tokens"u8, 200);
        options.Patch.Set("$.risk"u8, 0.01);
#pragma warning restore SCME0001
        var completion = await client.CompleteChatAsync([question], options);
        Console.WriteLine(completion.Value.Content[0].Text);
        using var reply = JsonDocument.Parse(completion.GetRawResponse().Content);
        Console.WriteLine(reply.RootElement.GetProperty("m3").GetProperty("charged_visual_tokens"));

        await foreach (var update in client.CompleteChatStreamingAsync(question))
            foreach (var part in update.ContentUpdate) Console.Write(part.Text);
    }
}
