using System.ClientModel;
using System.Text.Json.Nodes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.EndToEnd.Tests.StockClients;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Time;
using OpenAI;
using OpenAI.Chat;

namespace M3.Adaptive.EndToEnd.Tests.OpenAi;

/// <summary>The NuGet package OpenAI against the service, as anybody would use it.</summary>
[Collection(ServiceCollection.Name)]
public sealed class OpenAiDotNetTests(RunningService service)
{
    private const int Finest = 576, SafeScale = 144, LowDetail = 36, NewTokens = 8;
    private const string Mark = "// From here on as in protos/README.md.\n";

    [Fact]
    public async Task Complete_Picture_AnswersAndCountsItsTokens()
    {
        var completion = await Client().CompleteChatAsync([Question()], Options()).Soon();

        var (value, json) = (completion.Value, Json(completion));
        Assert.NotEmpty(value.Content[0].Text);
        Assert.Equal(ChatFinishReason.Length, value.FinishReason);
        Assert.Equal(SafeScale, (int?)json["usage"]?["prompt_tokens_details"]?["image_tokens"]);
        Assert.Equal(NewTokens, value.Usage.OutputTokenCount);
        Assert.Equal(value.Usage.InputTokenCount + value.Usage.OutputTokenCount, value.Usage.TotalTokenCount);
        Assert.True(value.Usage.InputTokenCount > SafeScale);
        Assert.Equal([SafeScale], json["m3"]?["path"]?.AsArray().Select(step => (int?)step?["scale"]) ?? []);
        Assert.Equal(Finest - SafeScale, (int?)json["m3"]?["saved_visual_tokens"]);
    }

    [Fact]
    public async Task Stream_Picture_SaysTheSameAndEndsWithUsage()
    {
        var whole = await Client().CompleteChatAsync([Question()], Options()).Soon();

        var text = "";
        ChatTokenUsage? usage = null;
        ChatFinishReason? finish = null;
        await foreach (var update in Client().CompleteChatStreamingAsync([Question()], Options()))
        {
            text += string.Concat(update.ContentUpdate.Select(static part => part.Text));
            (usage, finish) = (update.Usage ?? usage, update.FinishReason ?? finish);
        }

        Assert.Equal(whole.Value.Content[0].Text, text);
        Assert.Equal((whole.Value.Usage.TotalTokenCount, ChatFinishReason.Length), (usage?.TotalTokenCount, finish));
    }

    [Fact]
    public async Task Complete_ByDetail_ChargesAsItAsks()
    {
        Assert.Equal(LowDetail, await ChargedAsync(ChatImageDetailLevel.Low));
        Assert.Equal(Finest, await ChargedAsync(ChatImageDetailLevel.High));
        Assert.Equal(SafeScale, await ChargedAsync(ChatImageDetailLevel.Auto));
    }

    [Fact]
    public async Task Complete_ExtensionFields_WinOverDetail()
    {
        Assert.Equal(9, await ChargedAsync(ChatImageDetailLevel.High, ("max_visual_tokens", 20)));
        Assert.Equal(36, await ChargedAsync(ChatImageDetailLevel.Auto, ("max_visual_tokens", 143)));
        Assert.Equal(Finest, await ChargedAsync(ChatImageDetailLevel.Low, ("min_visual_tokens", 145)));
    }

    [Fact]
    public async Task Complete_UnknownModel_IsNotFound()
    {
        var refused = await Assert.ThrowsAsync<ClientResultException>(() => Client("gpt-4o").CompleteChatAsync([Question()], Options()).Soon());

        Assert.Equal(404, refused.Status);
        Assert.Contains("There is no model 'gpt-4o' here", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_TextForAPicture_IsABadRequest(bool isStreamed)
    {
        var question = new UserChatMessage(
            ChatMessageContentPart.CreateTextPart("what is it"), ChatMessageContentPart.CreateImagePart(BinaryData.FromString("no picture"), "image/png"));

        var refused = await Assert.ThrowsAsync<ClientResultException>(async () =>
        {
            if (!isStreamed) await Client().CompleteChatAsync(question).Soon();
            else await foreach (var _ in Client().CompleteChatStreamingAsync(question)) { }
        });

        Assert.Equal(400, refused.Status);
        Assert.Contains("are not an image", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_List_HasTheOneThatServes()
    {
        var models = new OpenAIClient(new ApiKeyCredential("any"), EndpointOptions).GetOpenAIModelClient();

        var listed = await models.GetModelsAsync().Soon();

        Assert.Equal([Model], listed.Value.Select(static model => model.Id));
        Assert.Equal(Model, (await models.GetModelAsync(Model).Soon()).Value.Id);
    }

    [Fact]
    public void Example_InTheReadme_IsTheOneThatIsCompiled()
    {
        var source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "M3.Adaptive.EndToEnd.Tests", "OpenAi", "OpenAiDotNetExample.cs"));
        var compiled = source[(source.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..];
        var shown = ReadmeExample.Of("csharp")[1]
            .Replace("\"http://127.0.0.1:50052/v1\"", "$\"{address}/v1\"").Replace("\"m3-nano\"", "model").Replace($"\"{ReadmeExample.Picture}\"", "picturePath");

        Assert.StartsWith(Lines(shown), Lines(compiled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Example_RunningService_AnswersTwice()
    {
        var output = new StringWriter();

        await OpenAiDotNetExample.RunAsync(Address, Model, Path.Combine(RepositoryRoot.Path, ReadmeExample.Picture), output).Soon();

        Assert.Contains($"\n{SafeScale}\n", output.ToString(), StringComparison.Ordinal);
    }

    private string Address => service.WebAddress.GetLeftPart(UriPartial.Authority);

    private string Model => Path.GetFileName(service.ModelFolder);

    private OpenAIClientOptions EndpointOptions => new() { Endpoint = new Uri($"{Address}/v1") };

    private ChatClient Client(string? model = null) => new(model ?? Model, new ApiKeyCredential("any"), EndpointOptions);

    private static ChatCompletionOptions Options() => new() { MaxOutputTokenCount = NewTokens };

    private UserChatMessage Question(ChatImageDetailLevel? detail = null) => new(
        ChatMessageContentPart.CreateTextPart("what is it"),
        ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(service.PictureBytes), "image/png", detail));

    private async Task<int?> ChargedAsync(ChatImageDetailLevel detail, params (string Field, int Tokens)[] extensions)
    {
        var options = Options();
#pragma warning disable SCME0001                                                   // Patch is experimental
        foreach (var (field, tokens) in extensions) options.Patch.Set(System.Text.Encoding.UTF8.GetBytes($"$.{field}"), tokens);
#pragma warning restore SCME0001
        var completion = await Client().CompleteChatAsync([Question(detail)], options).Soon();
        return (int?)Json(completion)["m3"]?["charged_visual_tokens"];
    }

    private static JsonNode Json(ClientResult result) => JsonNode.Parse(result.GetRawResponse().Content) ?? throw new InvalidDataException("null");

    // Without indentation and notes to the compiler.
    private static string Lines(string code) => string.Join(
        '\n', code.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0 && !line.StartsWith("#pragma", StringComparison.Ordinal)));
}
