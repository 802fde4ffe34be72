using System.Text.Json;
using M3.Adaptive.CommandLine;

namespace M3.Adaptive.Service.Web.Playground;

/// <summary>A picture to begin with.</summary>
/// <param name="Name">Of its file.</param>
/// <param name="Questions">What may be asked about it; at least one.</param>
public sealed record Sample(string Name, IReadOnlyList<string> Questions);

/// <summary>The pictures that come with the shipped model, each with its questions; none where the folder is not there.</summary>
internal sealed class SamplePictures
{
    private readonly string _folder = Path.Combine(ShippedModel.Folder, "samples");

    public SamplePictures() => All = Read(Path.Combine(_folder, "questions.jsonl"));

    public IReadOnlyList<Sample> All { get; }

    public Task<byte[]> ReadAsync(Sample sample, CancellationToken cancellation) => File.ReadAllBytesAsync(PathOf(sample), cancellation);

    public string PathOf(Sample sample) => Path.Combine(_folder, sample.Name);

    private static IReadOnlyList<Sample> Read(string file)
    {
        if (!File.Exists(file)) return [];
        var lines = File.ReadLines(file).Where(static line => line.Length > 0).Select(static line => JsonDocument.Parse(line).RootElement);
        return [.. lines
            .Select(static line => (Image: line.GetProperty("image").GetString() ?? "", Text: line.GetProperty("text").GetString() ?? ""))
            .GroupBy(static line => line.Image, static line => line.Text)
            .Select(static group => new Sample(group.Key, [.. group]))];
    }
}

internal static class SamplesEndpoint
{
    public static void MapSamples(this RouteGroupBuilder web) => web.MapGet("/samples/{name}", static (string name, SamplePictures samples, HttpContext context) =>
    {
        if (samples.All.FirstOrDefault(sample => sample.Name == name) is not { } sample) return Results.NotFound();
        context.Response.Headers.CacheControl = "max-age=3600";
        return Results.File(samples.PathOf(sample), "image/png");
    }).AllowAnonymous();
}
