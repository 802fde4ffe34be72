using M3.Adaptive.Client;
using M3.Adaptive.Client.Chat;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit.Time;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace M3.Adaptive.EndToEnd.Tests.Client;

/// <summary>The chat client of the package against a real service.</summary>
[Collection(Service.ServiceCollection.Name)]
public sealed class M3ChatClientTests(RunningService service) : IAsyncDisposable
{
    private const int NewTokens = 8;

    private readonly ServiceProvider _provider = new Microsoft.Extensions.DependencyInjection.ServiceCollection()
        .AddM3Client(options => options.Addresses.Add(new Uri(service.Address))).BuildServiceProvider();

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    [Fact]
    public async Task GetResponse_Picture_AnswersAndCountsItsTokens()
    {
        var response = await Chat.GetResponseAsync(Question(), Options()).Soon();

        Assert.NotEmpty(response.Text);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal((144L, 576L), (response.Usage?.AdditionalCounts?[M3ChatClient.ImageTokens], response.Usage?.AdditionalCounts?[M3ChatClient.AlwaysFinestImageTokens]));
        Assert.Equal((NewTokens, response.Usage?.InputTokenCount + NewTokens), (response.Usage?.OutputTokenCount, response.Usage?.TotalTokenCount));
        Assert.True(response.Usage?.InputTokenCount > 144);
        Assert.IsType<string>(response.AdditionalProperties?[M3ChatClient.DecisionId]);
    }

    [Fact]
    public async Task GetStreamingResponse_Picture_SaysTheSame()
    {
        var whole = await Chat.GetResponseAsync(Question(), Options()).Soon();

        var streamed = await Chat.GetStreamingResponseAsync(Question(), Options()).ToChatResponseAsync().Soon();

        Assert.Equal(whole.Text, streamed.Text);
        Assert.Equal((whole.Usage?.TotalTokenCount, whole.FinishReason), (streamed.Usage?.TotalTokenCount, streamed.FinishReason));
    }

    [Fact]
    public async Task GetResponse_LowDetail_IsChargedNoMore()
    {
        var response = await Chat.GetResponseAsync(Question("low"), Options()).Soon();

        Assert.Equal(36L, response.Usage?.AdditionalCounts?[M3ChatClient.ImageTokens]);
    }

    [Fact]
    public async Task GetResponse_AnotherModel_IsRefusedByName()
    {
        var options = Options();
        options.ModelId = "gpt-4o";

        var refused = await Assert.ThrowsAsync<NotSupportedException>(() => Chat.GetResponseAsync(Question(), options).Soon());

        Assert.Contains("gpt-4o", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetService_KnownTypes_AreGiven()
    {
        var metadata = Chat.GetService<ChatClientMetadata>();

        Assert.Equal(("m3-adaptive", new Uri(service.Address)), (metadata?.ProviderName, metadata?.ProviderUri));
        Assert.Same(_provider.GetRequiredService<M3Client>(), Chat.GetService<M3Client>());
        Assert.Same(Chat, Chat.GetService<M3ChatClient>());
    }

    private IChatClient Chat => _provider.GetRequiredService<IChatClient>();

    private static ChatOptions Options() => new() { MaxOutputTokens = NewTokens };

    private ChatMessage Question(string detail = "auto") => new(
        ChatRole.User, [new DataContent(service.PictureBytes, "image/png") { AdditionalProperties = new() { ["detail"] = detail } }, new TextContent("what is it")]);
}
