using M3.Adaptive.Client.Chat;
using M3.Adaptive.Client.Tests.Doubles;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.AI;

namespace M3.Adaptive.Client.Tests.Samples;

/// <summary>The sample of the package's readme, in front of a real client.</summary>
public sealed class LargerModelBehindTests
{
    [Theory]
    [InlineData(0.95, false, "small")]
    [InlineData(0.5, false, "large")]
    [InlineData(0.95, true, "large")]
    [InlineData(null, false, "large")]
    public async Task GetResponse_BySureness_IsTheFirstOrTheLarger(double? confidence, bool isUnfamiliar, string answer)
    {
        await using var service = await LoopbackService.StartAsync((_, _) => Answer(confidence, isUnfamiliar));
        using var client = new M3Client(new M3ClientOptions { Addresses = { service.Address } });
        using var chat = new LargerModelBehind(new M3ChatClient(client), new Larger(), enough: 0.9);

        var response = await chat.GetResponseAsync(Question()).Soon();

        Assert.Equal(answer, response.Text);
    }

    [Fact]
    public void Sample_InTheReadme_IsTheOneThatIsCompiled()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "M3.Adaptive.Client", "README.md")).Split("```");
        var compiled = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "M3.Adaptive.Client.Tests", "Samples", "LargerModelBehind.cs"));

        Assert.Contains(readme, block => block.StartsWith("csharp\n/// <summary>", StringComparison.Ordinal) && compiled.EndsWith(block["csharp\n".Length..], StringComparison.Ordinal));
    }

    private static GenerateResponse Answer(double? confidence, bool isUnfamiliar)
    {
        var step = new Step { Scale = 9 };
        if (confidence is { } stated) step.Confidence = stated;
        return new GenerateResponse
        {
            Text = "small",
            FinishReason = FinishReason.EndOfSequence,
            Unfamiliar = isUnfamiliar,
            Charged = new Cost { VisualTokens = 9 },
            AlwaysFinest = new Cost { VisualTokens = 576 },
            Decision = new Decision { DecisionId = "id", ModelVersion = "model@1" },
            Path = { step },
        };
    }

    private static ChatMessage Question() => new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png"), new TextContent("q")]);

    private sealed class Larger : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "large")));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
            // Holds nothing.
        }
    }
}
