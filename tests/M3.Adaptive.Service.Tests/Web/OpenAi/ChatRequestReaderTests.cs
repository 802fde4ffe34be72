using System.Text;
using M3.Adaptive.Routing.Requests;
using M3.Adaptive.Service.Web.OpenAi;
using M3.Adaptive.TestKit;

namespace M3.Adaptive.Service.Tests.Web.OpenAi;

public sealed class ChatRequestReaderTests
{
    private const string Picture = """{"type": "image_url", "image_url": {"url": "data:image/png;base64,AQID"}}""";
    private const string Content = """[{"type": "text", "text": "what"}, """ + Picture + """, {"type": "text", "text": "is it"}]""";
    private const string Messages = """[{"role": "user", "content": """ + Content + "}]";

    [Fact]
    public void Read_EveryFieldThatIsUnderstood_IsTaken()
    {
        var request = Read(
            """
            "model": "m3-nano", "max_completion_tokens": 5, "temperature": 0.5, "top_p": 0.9, "seed": -7, "stream": true, "stream_options": {"include_usage": true},
            "max_visual_tokens": 200, "min_visual_tokens": 9, "risk": 0.05, "stop": ["a", "b"]
            """);

        Assert.Equal(("m3-nano", "what\nis it"), (request.Model, request.Question));
        Assert.Equal([1, 2, 3], request.Picture.ToArray());
        Assert.Equal((5, 0.5f, 0.9f, -7L), (request.MaxTokens, request.Temperature, request.TopP, request.Seed));
        Assert.Equal((200, 9, 0.05), (request.MaxVisualTokens, request.MinVisualTokens, request.Risk));
        Assert.Equal(["a", "b"], request.Stop);
        Assert.True(request is { IsStreamed: true, IncludesUsage: true, Detail: Detail.Auto });
    }

    [Fact]
    public void Read_NullAndWhatChangesNothing_IsLetPass()
    {
        var request = Read(
            """
            "model": "m", "max_tokens": null, "audio": null, "user": "me", "metadata": {"a": "b"}, "n": 1, "presence_penalty": 0, "logprobs": false, "tools": [], "stop": [],
            "tool_choice": "auto", "response_format": {"type": "text"}, "modalities": ["text"], "stream": false
            """);

        Assert.Null(request.MaxTokens);
        Assert.False(request.IsStreamed);
    }

    [Theory]
    [InlineData("frobnicate", "\"frobnicate\": 1")]
    [InlineData("frobnicate", "\"frobnicate\": null")]
    [InlineData("n", "\"n\": 2")]
    [InlineData("stop", "\"stop\": [1]")]
    [InlineData("logprobs", "\"logprobs\": true")]
    [InlineData("tools", "\"tools\": [{}]")]
    [InlineData("response_format", "\"response_format\": {\"type\": \"json_object\"}")]
    [InlineData("presence_penalty", "\"presence_penalty\": 0.1")]
    [InlineData("logit_bias", "\"logit_bias\": {\"1\": 5}")]
    [InlineData("store", "\"store\": true")]
    [InlineData("reasoning_effort", "\"reasoning_effort\": \"low\"")]
    [InlineData("max_tokens", "\"max_tokens\": 1.5")]
    [InlineData("max_tokens", "\"max_tokens\": 99999999999")]
    [InlineData("max_tokens", "\"max_tokens\": 3, \"max_completion_tokens\": 4")]
    [InlineData("temperature", "\"temperature\": \"hot\"")]
    [InlineData("stream", "\"stream\": 1")]
    [InlineData("stream_options", "\"stream_options\": true")]
    [InlineData("stream_options.frobnicate", "\"stream_options\": {\"frobnicate\": true}")]
    [InlineData("stream_options.include_obfuscation", "\"stream_options\": {\"include_obfuscation\": true}")]
    [InlineData("response_format", "\"response_format\": {\"type\": \"text\", \"json_schema\": {}}")]
    [InlineData("service_tier", "\"service_tier\": \"flex\"")]
    [InlineData("modalities", "\"modalities\": [\"text\", \"audio\"]")]
    [InlineData("top_logprobs", "\"top_logprobs\": 3")]
    [InlineData("tool_choice", "\"tool_choice\": \"required\"")]
    [InlineData("functions", "\"functions\": [{}]")]
    [InlineData("min_visual_tokens", "\"min_visual_tokens\": 577")]
    [InlineData("min_visual_tokens", "\"min_visual_tokens\": 144, \"max_visual_tokens\": 36")]
    public void Read_WhatCannotBeDone_IsRefusedByName(string field, string stated) => Assert.Equal([field], FaultsOf($$"""{"model": "m", "messages": {{Messages}}, {{stated}}}"""));

    [Theory]
    [InlineData("messages", "[]")]
    [InlineData("messages", """[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]""")]
    [InlineData("messages[0]", "[1]")]
    [InlineData("messages[0].role", """[{"role": "system", "content": [""" + Picture + "]}]")]
    [InlineData("messages[0].role", """[{"content": [""" + Picture + "]}]")]
    [InlineData("messages[0].content", """[{"role": "user", "content": "what is it"}]""")]
    [InlineData("messages[0].content", """[{"role": "user", "content": [""" + Picture + "]}]")]
    [InlineData("messages[0].content", """[{"role": "user", "content": 1}]""")]
    [InlineData("messages[0].tool_calls", """[{"role": "user", "tool_calls": [], "content": """ + Content + "}]")]
    [InlineData("messages[0].content[1].type", """[{"role": "user", "content": [""" + Picture + """, {"type": "input_audio"}]}]""")]
    [InlineData("messages[0].content[1].image_url", """[{"role": "user", "content": [""" + Picture + ", " + Picture + "]}]")]
    [InlineData("messages[0].content[0].image_url.url", """[{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]""")]
    [InlineData("messages[0].content[0].image_url.detail", """[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:;base64,AQID", "detail": "best"}}]}]""")]
    [InlineData("messages", """[{"role": "developer", "content": "be brief"}, {"role": "user", "content": """ + Content + "}]")]
    [InlineData("messages", """[{"role": "user", "content": """ + Content + """}, {"role": "tool", "tool_call_id": "a", "content": "b"}]""")]
    [InlineData("messages[0].content", """[{"role": "user", "content": null}]""")]
    [InlineData("messages[0].content", """[{"role": "user", "content": [{"type": "text", "text": " "}, """ + Picture + "]}]")]
    [InlineData("messages[0].content[1].text", """[{"role": "user", "content": [""" + Picture + """, {"type": "text"}, {"type": "text", "text": "a"}]}]""")]
    [InlineData("messages[0].content[2].image_url", """[{"role": "user", "content": [""" + Picture + """, {"type": "text", "text": "a"}, {"type": "image_url"}]}]""")]
    [InlineData("messages[0].content[1].image_url", """[{"role": "user", "content": [""" + Picture + """, {"type": "text", "text": "a", "image_url": {}}]}]""")]
    [InlineData("messages[0].content[1].type", """[{"role": "user", "content": [""" + Picture + """, {"type": "file", "file": {}}]}]""")]
    [InlineData("messages[0].content[1].type", """[{"role": "user", "content": [""" + Picture + """, "what is it"]}]""")]
    [InlineData("messages[0].content[0].frobnicate", """[{"role": "user", "content": [{"type": "text", "text": "a", "frobnicate": 1}]}]""")]
    public void Read_MessagesThatAreNoQuestion_AreRefusedByName(string field, string messages) =>
        Assert.Equal([field], FaultsOf($$"""{"model": "m", "messages": {{messages}}}"""));

    [Theory]
    [InlineData("""{"role": "user"}""")]
    [InlineData("""{"role": "user", "content": []}""")]
    public void Read_MessageWithoutContent_MissesPictureAndQuestion(string message) =>
        Assert.Equal(["messages[0].content", "messages[0].content"], FaultsOf($$"""{"model": "m", "messages": [{{message}}]}"""));

    [Theory]
    [InlineData("body", "nonsense")]
    [InlineData("body", "[]")]
    [InlineData("body", """{"model": "a", "model": "b"}""")]
    [InlineData("body", """{"model": "\ud800"}""")]
    [InlineData("body", """{"\ud800": 1}""")]
    public void Read_NoRequest_SaysSo(string field, string body) => Assert.Equal([field], FaultsOf(body));

    [Fact]
    public void Read_TextThatIsNoUtf8_SaysSo() =>
        Assert.Throws<InvalidRequestException>(() => ChatRequestReader.Read((byte[])[.. "{\"model\": \""u8, 0xff, .. "\"}"u8]));

    [Fact]
    public void EveryFieldThatIsKnown_IsInTheReadme()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "protos", "README.md"));

        Assert.DoesNotContain(ChatRequestReader.Names, name => !readme.Contains($"`{name}`", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_WithoutModelAndMessages_NamesBoth() => Assert.Equal(["model", "messages"], FaultsOf("{}"));

    [Fact]
    public void Read_ExtensionsBesideThePicture_AreTakenUnlessTheRequestSaysElse()
    {
        const string beside = """[{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url", "max_visual_tokens": 20, "image_url": {"url": "data:;base64,AQID", "detail": "low"}}]}]""";

        var request = ChatRequestReader.Read(Encoding.UTF8.GetBytes($$"""{"model": "m", "messages": {{beside}}}"""));

        Assert.Equal((20, Detail.Low), (request.MaxVisualTokens, request.Detail));
        Assert.Equal(["max_visual_tokens"], FaultsOf($$"""{"model": "m", "messages": {{beside}}, "max_visual_tokens": 30}"""));
    }

    [Theory]
    [InlineData("https://example.com/a.png", "fetches nothing")]
    [InlineData("data:image/png,AQID", "not encoded by base64")]
    [InlineData("data:image/png;base64", "not encoded by base64")]
    [InlineData("data:image/png;base64,A*ID", "broken base64")]
    [InlineData("data:image/png;base64,AQI", "broken base64")]
    [InlineData("data:image/png;base64,", "holds no bytes")]
    [InlineData("", "no data URI")]
    public void Read_UrlThatIsNoPicture_SaysWhy(string url, string why)
    {
        var refused = Assert.Throws<InvalidRequestException>(() => ChatRequestReader.Read(Encoding.UTF8.GetBytes(WithUrl(url))));

        Assert.Contains(why, Assert.Single(refused.Faults).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data:image\\/png;base64,AQID")]
    [InlineData("DATA:image/png;BASE64,AQ\\u0049D")]
    public void Read_EscapedDataUri_IsReadAllTheSame(string url) => Assert.Equal([1, 2, 3], ChatRequestReader.Read(Encoding.UTF8.GetBytes(WithUrl(url))).Picture.ToArray());

    private static string WithUrl(string url) =>
        $$$"""{"model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "{{{url}}}"}}]}]}""";

    private static ChatRequest Read(string fields) => ChatRequestReader.Read(Encoding.UTF8.GetBytes($$"""{"messages": {{Messages}}, {{fields}}}"""));

    private static IEnumerable<string> FaultsOf(string body) =>
        Assert.Throws<InvalidRequestException>(() => ChatRequestReader.Read(Encoding.UTF8.GetBytes(body))).Faults.Select(static fault => fault.Field);
}
