using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace M3.Adaptive.Service.Web.Playground;

/// <summary>Where the service answers, as the visitor's machine names it.</summary>
/// <param name="Web">Such as <c>http://127.0.0.1:50052</c>.</param>
/// <param name="Grpc">Such as <c>http://127.0.0.1:50051</c>.</param>
public sealed record Addresses(Uri Web, Uri Grpc);

/// <summary>
/// A request of the playground as programs send it, to be copied. Questions and file names are quoted for their language, whatever is in them; a key is taken from the
/// environment, so that none is shown.
/// </summary>
public static class Snippets
{
    private const string Picture = "@PICTURE@";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether the OpenAI-compatible endpoint has fields for these wishes.</summary>
    public static bool HasHttpForm(Wishes wishes) => wishes.Policy is PolicyChoice.Quality or PolicyChoice.Fixed;

    /// <param name="file">Name of the picture's file.</param>
    /// <param name="model">Name of the model.</param>
    public static string Curl(Wishes wishes, string file, string model, Addresses at)
    {
        var body = WithPicture(InHereDocument(Body(wishes, file, model).ToJsonString(Plain)), $"$(base64 -w0 {InShell(file)})");
        return $"""
            curl {at.Web}v1/chat/completions -H "Authorization: Bearer $M3_KEY" -H 'Content-Type: application/json' --data-binary @- <<END
            {body}
            END
            """;
    }

    /// <inheritdoc cref="Curl"/>
    public static string Python(Wishes wishes, string file, string model, Addresses at)
    {
        // JSON's texts are Python's, and so are its numbers and lists.
        var body = WithPicture(Body(wishes, file, model).ToJsonString(), "\" + picture + \"");
        return $$"""
            import base64, json, os, urllib.request

            with open({{JsonSerializer.Serialize(file)}}, "rb") as opened:
                picture = base64.b64encode(opened.read()).decode()
            body = {{body}}
            headers = {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ.get("M3_KEY", "")}
            request = urllib.request.Request("{{at.Web}}v1/chat/completions", json.dumps(body).encode(), headers)
            with urllib.request.urlopen(request) as reply:
                print(json.load(reply)["choices"][0]["message"]["content"])
            """;
    }

    /// <inheritdoc cref="Curl"/>
    public static string GrpcUrl(Wishes wishes, string file, Addresses at)
    {
        var request = new JsonObject { ["question"] = wishes.Question, ["image"] = new JsonObject { ["data"] = Picture } };
        var routing = new JsonObject
        {
            [wishes.Policy.ToString().ToLowerInvariant()] = wishes.Policy switch
            {
                PolicyChoice.Target => new JsonObject { ["mean_visual_tokens"] = wishes.MeanVisualTokens },
                PolicyChoice.Economy => new JsonObject { ["price_per_visual_token"] = wishes.PricePerVisualToken },
                PolicyChoice.Fixed => new JsonObject { ["scale"] = wishes.Scale },
                _ => new JsonObject { ["risk"] = wishes.Risk },
            },
        };
        if (wishes.MaxVisualTokens is { } cap) routing["caps"] = new JsonObject { ["visual_tokens"] = cap };
        request["routing"] = routing;
        var body = WithPicture(InHereDocument(request.ToJsonString(Plain)), $"$(base64 -w0 {InShell(file)})");
        var plain = at.Grpc.Scheme == Uri.UriSchemeHttp ? "-plaintext " : "";
        return $"""
            grpcurl {plain}-H "authorization: Bearer $M3_KEY" -d @ {at.Grpc.Authority} m3.adaptive.v1.AdaptiveService/Generate <<END
            {body}
            END
            """;
    }

    /// <inheritdoc cref="Curl"/>
    public static string CSharp(Wishes wishes, string file, Addresses at)
    {
        var policy = wishes.Policy switch
        {
            PolicyChoice.Target => $"Target = new() {{ MeanVisualTokens = {Number(wishes.MeanVisualTokens)} }}",
            PolicyChoice.Economy => $"Economy = new() {{ PricePerVisualToken = {Number(wishes.PricePerVisualToken)} }}",
            PolicyChoice.Fixed => $"Fixed = new() {{ Scale = {wishes.Scale} }}",
            _ => $"Quality = new() {{ Risk = {Number(wishes.Risk)} }}",
        };
        var caps = wishes.MaxVisualTokens is { } cap ? $", Caps = new() {{ VisualTokens = {cap} }}" : "";
        // JSON's texts are C#'s, too.
        return $$"""
            using Google.Protobuf;
            using M3.Adaptive.Client;
            using M3.Adaptive.Contracts.V1;

            using var client = new M3Client(new M3ClientOptions
            {
                Addresses = { new Uri("{{at.Grpc.GetLeftPart(UriPartial.Authority)}}") },
                Key = Environment.GetEnvironmentVariable("M3_KEY"),
            });
            var request = new GenerateRequest
            {
                Image = new Image { Data = ByteString.CopyFrom(File.ReadAllBytes({{JsonSerializer.Serialize(file)}})) },
                Question = {{JsonSerializer.Serialize(wishes.Question)}},
                Routing = new RoutingOptions { {{policy}}{{caps}} },
            };
            var answer = await client.GenerateAsync(request);
            Console.WriteLine(answer.Text);
            """;
    }

    private static JsonObject Body(Wishes wishes, string file, string model)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(new JsonObject
            {
                ["role"] = "user",
                ["content"] = new JsonArray(
                    new JsonObject { ["type"] = "text", ["text"] = wishes.Question },
                    new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = $"data:{TypeOf(file)};base64,{Picture}" } }),
            }),
        };
        if (wishes.Policy == PolicyChoice.Fixed) body["min_visual_tokens"] = wishes.Scale;
        else body["risk"] = wishes.Risk;
        if ((wishes.Policy == PolicyChoice.Fixed ? wishes.Scale : wishes.MaxVisualTokens) is { } cap) body["max_visual_tokens"] = cap;
        return body;
    }

    // The picture comes after the question, in which the same word may stand.
    private static string WithPicture(string request, string picture)
    {
        var at = request.LastIndexOf(Picture, StringComparison.Ordinal);
        return request[..at] + picture + request[(at + Picture.Length)..];
    }

    private static string TypeOf(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".webp" => "image/webp",
        _ => "image/jpeg",
    };

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string InShell(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // What a shell would expand in the lines up to END.
    private static string InHereDocument(string text) =>
        new StringBuilder(text).Replace("\\", "\\\\").Replace("$", "\\$").Replace("`", "\\`").ToString();
}
