using M3.Adaptive.Client.Chat;
using M3.Adaptive.Contracts.V1;
using Microsoft.Extensions.AI;

namespace M3.Adaptive.Client.Tests.Chat;

public sealed class ChatQuestionTests
{
    private static readonly DataContent Picture = new(new byte[] { 1, 2, 3 }, "image/png");

    [Fact]
    public void ToRequest_PictureTextAndOptions_AreAllTaken()
    {
        var options = new ChatOptions
        {
            MaxOutputTokens = 7,
            Temperature = 0.5f,
            TopP = 0.9f,
            Seed = 3,
            StopSequences = ["x"],
            AdditionalProperties = new() { ["max_visual_tokens"] = 200, ["min_visual_tokens"] = 10, ["risk"] = 0.05 },
        };

        var request = ToRequest(options, [new TextContent("what"), Picture, new TextContent("is it")]);

        Assert.Equal("what\nis it", request.Question);
        Assert.Equal([1, 2, 3], request.Image.Data.ToByteArray());
        Assert.Equal((7, 0.5f, 0.9f, 3L), (request.Decoding.MaxNewTokens, request.Decoding.Temperature, request.Decoding.TopP, request.Decoding.Seed));
        Assert.Equal(["x"], request.Decoding.Stop);
        Assert.Equal((200L, 36, 0.05), (request.Routing.Caps.VisualTokens, request.Routing.MinScale, request.Routing.Quality.Risk));
    }

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData("auto", null, 0)]
    [InlineData("low", 36L, 0)]
    [InlineData("high", null, 576)]
    [InlineData("original", null, 576)]
    public void ToRequest_DetailOfThePicture_BecomesCapOrScale(string? detail, long? cap, int scale)
    {
        var routing = ToRequest(null, [Detailed(detail), new TextContent("q")]).Routing;

        Assert.Equal((cap, scale), (routing.Caps?.VisualTokens, routing.Fixed?.Scale ?? 0));
    }

    [Fact]
    public void ToRequest_CapAndDetail_TheCapWins()
    {
        var routing = ToRequest(new ChatOptions { AdditionalProperties = new() { ["max_visual_tokens"] = 20 } }, [Detailed("high"), new TextContent("q")]).Routing;

        Assert.Equal((20L, RoutingOptions.PolicyOneofCase.None), (routing.Caps.VisualTokens, routing.PolicyCase));
    }

    [Fact]
    public void ToRequest_UnknownDetail_IsNamed() =>
        Assert.Contains("best", Assert.Throws<ArgumentException>(() => ToRequest(null, [Detailed("best"), new TextContent("q")])).Message, StringComparison.Ordinal);

    [Fact]
    public void ToRequest_ARequestToStartFrom_IsKeptWhereNothingElseIsSaid()
    {
        var start = new GenerateRequest { Routing = new RoutingOptions { Target = new TargetPolicy { MeanVisualTokens = 40 } } };

        var request = ChatQuestion.ToRequest([new ChatMessage(ChatRole.User, [Picture, new TextContent("q")])], null, start);

        Assert.Equal(40, request.Routing.Target.MeanVisualTokens);
    }

    public static TheoryData<string, ChatMessage[], ChatOptions?> Refused() => new()
    {
        { "one message", [], null },
        { "one message", [User(Picture), User(Picture)], null },
        { "role system", [new ChatMessage(ChatRole.System, "be nice")], null },
        { "no picture", [User(new TextContent("q"))], null },
        { "several pictures", [User(Picture, Picture)], null },
        { "audio/wav", [User(new DataContent(new byte[] { 1 }, "audio/wav"))], null },
        { "not fetched", [User(new UriContent("https://example.com/a.png", "image/png"))], null },
        { "FunctionCallContent", [User(new FunctionCallContent("id", "name"))], null },
        { "Instructions", [User(Picture)], new ChatOptions { Instructions = "be nice" } },
        { "ResponseFormat", [User(Picture)], new ChatOptions { ResponseFormat = ChatResponseFormat.Json } },
        { "TopK", [User(Picture)], new ChatOptions { TopK = 3 } },
        { "frobnicate", [User(Picture)], new ChatOptions { AdditionalProperties = new() { ["frobnicate"] = 1 } } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void ToRequest_WhatTheModelCannotHeed_IsRefusedByName(string named, ChatMessage[] messages, ChatOptions? options) => Assert.Contains(
        named, Assert.Throws<NotSupportedException>(() => ChatQuestion.ToRequest(messages, options, null)).Message, StringComparison.Ordinal);

    private static ChatMessage User(params AIContent[] contents) => new(ChatRole.User, contents);

    private static DataContent Detailed(string? detail) => new(new byte[] { 1 }, "image/png") { AdditionalProperties = new() { ["detail"] = detail } };

    private static GenerateRequest ToRequest(ChatOptions? options, AIContent[] contents) => ChatQuestion.ToRequest([User(contents)], options, null);
}
