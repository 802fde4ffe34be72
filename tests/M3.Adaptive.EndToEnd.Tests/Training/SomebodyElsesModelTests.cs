using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Golden;
using M3.Adaptive.TestKit.Serving.Pictures;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Training;

/// <summary>
/// The page "Somebody else's model and data" of training/README.md, followed: a checkpoint of the published format that nobody here trained, questions in LLaVA's
/// formats, labels, a predictor, a service that uses it.
/// </summary>
public sealed class SomebodyElsesModelTests : IDisposable
{
    private const int Pictures = 7;

    private static readonly string Program = BuiltProgram.Find("M3.Adaptive.Training");

    private static readonly string[] Asked = ["what colour is it", "what is there", "where is the cat"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [GoldenFact]
    public async Task Label_Train_Serve_GoldenCheckpoint_RoutesByItsOwnPredictor()
    {
        var model = CopyOfTheCheckpoint();

        // A model that was never trained is right about nothing. So that there is something to learn, what it says at 576 is what is right here.
        WriteQuestions("probe", (_, _) => "unknown");
        await RunAsync("label", "--data", _folder.Combine("probe"), "--model", model, "--split", "probe");
        var said = Labels(model, "probe").ToDictionary(item => (string)item["id"]!, item => (string)item["answers"]![4]!);
        foreach (var split in (string[])["routing", "calibration"])
        {
            WriteQuestions(split, (picture, question) => said[$"{picture}-{question}"]);
            await RunAsync("label", "--data", _folder.Combine(split), "--model", model, "--split", split);
            Assert.All(Labels(model, split), item => Assert.EndsWith("1", (string?)item["right"], StringComparison.Ordinal));
        }

        await RunAsync("predictor", "train", "--model", model, "--trees", "10");

        await using var service = await ServiceProcess.StartAsync(model);
        var request = new GenerateRequest { Image = new Image { Data = ByteString.CopyFrom(Picture(1)) }, Question = Asked[0] };
        var reply = await service.Client.GenerateAsync(request).ResponseAsync.Soon();
        Assert.StartsWith("p-", reply.Decision.PredictorVersion, StringComparison.Ordinal);
        Assert.All(reply.Path, step => Assert.InRange(step.PredictedSuccess, 0, 1));
        Assert.Empty(service.Errors);
    }

    private string CopyOfTheCheckpoint()
    {
        var model = _folder.Combine("model");
        Directory.CreateDirectory(model);
        foreach (var file in Directory.EnumerateFiles(GoldenFolder.Index.PathOf(GoldenFolder.Index.Checkpoint("llava-f32").Folder)))
            File.WriteAllBytes(Path.Combine(model, Path.GetFileName(file)), File.ReadAllBytes(file));
        return model;
    }

    // Routing as a LLaVA training file, the others as questions with one answer each.
    private void WriteQuestions(string split, Func<int, int, string> answer)
    {
        var folder = _folder.Combine(split);
        Directory.CreateDirectory(folder);
        for (var picture = 0; picture < Pictures; picture++) File.WriteAllBytes(Path.Combine(folder, $"{picture}.png"), Picture(picture));
        var all = Enumerable.Range(0, Pictures).SelectMany(picture => Asked.Select((text, question) => (picture, question, text)));
        var lines = all.Select(one => split == "routing"
            ? JsonSerializer.Serialize(new
            {
                id = $"{one.picture}-{one.question}",
                image = $"{one.picture}.png",
                conversations = new[] { new { from = "human", value = $"<image>\n{one.text}" }, new { from = "gpt", value = answer(one.picture, one.question) } },
            })
            : JsonSerializer.Serialize(new { question_id = $"{one.picture}-{one.question}", image = $"{one.picture}.png", one.text, answers = answer(one.picture, one.question) }));
        File.WriteAllText(Path.Combine(folder, "questions.jsonl"), split == "routing" ? $"[\n{string.Join(",\n", lines)}\n]\n" : string.Join('\n', lines));
    }

    private static byte[] Picture(int number) => PlainPicture.Png((byte)(number * 30), (byte)(255 - number * 30), (byte)(number * number * 4), side: 16 + number);

    private static JsonNode[] Labels(string model, string split)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(model, "labels", $"{split}.jsonl.gz")), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).Where(line => (string?)line["kind"] == "item")];
    }

    private async Task RunAsync(params string[] arguments)
    {
        var ended = await Finished.RunAsync(
            "dotnet", [Program, .. arguments], environment: new Dictionary<string, string?> { ["M3_STATE"] = _folder.Combine("state") }, limit: TimeSpan.FromMinutes(5));
        Assert.True(ended.ExitCode == 0, ended.Error);
    }
}
