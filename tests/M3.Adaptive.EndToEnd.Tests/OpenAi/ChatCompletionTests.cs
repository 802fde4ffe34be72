using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.OpenAi;

/// <summary>What a client of OpenAI's interface does not show: statuses, headers, keys and limits of HTTP itself.</summary>
[Collection(ServiceCollection.Name)]
public sealed class ChatCompletionTests(RunningService service) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = service.WebAddress };

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Post_SameIdempotencyKey_IsPaidOnce()
    {
        var first = await PostAsync(Request(), idempotencyKey: "once");
        var again = await PostAsync(Request(), idempotencyKey: "once");
        var other = await PostAsync(Request("who is it"), idempotencyKey: "once");

        Assert.Equal((false, true), ((bool?)first.Json["m3"]?["replayed"], (bool?)again.Json["m3"]?["replayed"]));
        Assert.Equal((string?)first.Json["m3"]?["decision_id"], (string?)again.Json["m3"]?["decision_id"]);
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
    }

    [Fact]
    public async Task Post_MoreThanARequestMayHave_IsTooLargeAndTheServiceLivesOn()
    {
        var large = await PostAsync(Request(picture: File.ReadAllBytes(service.LargeFile)));

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "request_too_large"), (large.Status, (string?)large.Json["error"]?["code"]));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Request())).Status);
    }

    [Fact]
    public async Task Post_NotDeclaredAsJson_IsRefused()
    {
        using var content = new StringContent(Request().ToJsonString(), new MediaTypeHeaderValue("text/plain"));

        var answer = await _client.PostAsync("v1/chat/completions", content).Soon();

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task Post_OutOfRange_NamesTheFieldAsItIsCalledHere()
    {
        var request = Request();
        request["max_visual_tokens"] = -1;
        request["temperature"] = 9;

        var refused = await PostAsync(request);

        Assert.Equal((HttpStatusCode.BadRequest, "temperature"), (refused.Status, (string?)refused.Json["error"]?["param"]));
        Assert.Contains("max_visual_tokens: is -1", (string?)refused.Json["error"]?["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_KeysAndBudget_AreAskedForAndKept()
    {
        await using var own = await ServiceProcess.StartAsync(service.ModelFolder);
        var key = (string?)(await own.AdministerAsync("key", "create", "--tenant", "acme", "--json")).Json["key"];
        await own.AdministerAsync("budget", "set", "acme", "--limit", "150", "--window", "1h");
        using var client = new HttpClient { BaseAddress = own.WebAddress };
        await WaitForKeysAsync(client);

        var keyless = await PostAsync(Request(), client: client);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var answered = await PostAsync(Request(maxVisualTokens: 144), client: client);
        var last = await PostAsync(Request("what else", maxVisualTokens: 6), client: client);
        var exhausted = await PostAsync(Request("what now", minVisualTokens: 9), client: client);

        Assert.Equal(HttpStatusCode.Unauthorized, keyless.Status);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (answered.Status, last.Status));
        Assert.Equal((HttpStatusCode.TooManyRequests, "budget_exhausted"), (exhausted.Status, (string?)exhausted.Json["error"]?["code"]));
        Assert.InRange(exhausted.RetryAfter ?? default, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    }

    // The service looks for the first key once a second.
    private static async Task WaitForKeysAsync(HttpClient client)
    {
        using var limit = new CancellationTokenSource(BoundedWaits.Limit);
        while ((await client.GetAsync("v1/models", limit.Token)).StatusCode != HttpStatusCode.Unauthorized) await Task.Delay(50, limit.Token);
    }

    private JsonObject Request(string question = "what is it", byte[]? picture = null, int? maxVisualTokens = null, int? minVisualTokens = null)
    {
        var url = $"data:image/png;base64,{Convert.ToBase64String(picture ?? service.PictureBytes)}";
        return new JsonObject
        {
            ["model"] = Path.GetFileName(service.ModelFolder),
            ["max_tokens"] = 4,
            ["max_visual_tokens"] = maxVisualTokens,
            ["min_visual_tokens"] = minVisualTokens,
            ["messages"] = new JsonArray(new JsonObject
            {
                ["role"] = "user",
                ["content"] = new JsonArray(
                    new JsonObject { ["type"] = "text", ["text"] = question },
                    new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = url } }),
            }),
        };
    }

    private async Task<Answer> PostAsync(JsonObject request, string? idempotencyKey = null, HttpClient? client = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = JsonContent.Create(request) };
        if (idempotencyKey is not null) message.Headers.Add("Idempotency-Key", idempotencyKey);
        var response = await (client ?? _client).SendAsync(message).Soon();
        var json = await response.Content.ReadFromJsonAsync<JsonNode>() ?? throw new InvalidDataException("null");
        return new Answer(response.StatusCode, json, response.Headers.RetryAfter?.Delta);
    }

    private sealed record Answer(HttpStatusCode Status, JsonNode Json, TimeSpan? RetryAfter);
}
