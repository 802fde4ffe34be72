using System.Text.Json.Nodes;
using Google.Protobuf;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.TestKit.Files;
using M3.Adaptive.TestKit.Serving.Checkpoints;
using M3.Adaptive.TestKit.Serving.Pictures;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.Service;

/// <summary>Answers that are answered again at every scale once nobody waits.</summary>
public sealed class AuditTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Generate_EveryAnswerAudited_KeepsAllScalesAndNoPicture()
    {
        using var checkpoint = TinyCheckpoint.Create();
        var settings = _folder.Combine("settings.json");
        await File.WriteAllTextAsync(settings, """{"Audit": {"Share": 1}}""");
        await using var service = await ServiceProcess.StartAsync(checkpoint.Folder, "--settings", settings);
        using var written = new Lines(service.StateFolder);
        var picture = PlainPicture.Png(200, 30, 30);

        var reply = await service.Client.GenerateAsync(new GenerateRequest { Image = new Image { Data = ByteString.CopyFrom(picture) }, Question = "what is it" }).ResponseAsync.Soon();

        var audit = JsonNode.Parse(await written.FirstAsync().Soon()) ?? throw new InvalidDataException("null");
        Assert.Equal((reply.Decision.DecisionId, "what is it", "default"), ((string?)audit["decisionId"], (string?)audit["question"], (string?)audit["tenant"]));
        Assert.Equal(5, audit["answers"]?.AsArray().Count);
        Assert.Contains(reply.Text.Trim(), audit["answers"]!.AsArray().Select(answer => (string?)answer?["text"]));
        Assert.DoesNotContain(Directory.EnumerateFiles(service.StateFolder, "*", SearchOption.AllDirectories), file => Path.GetExtension(file) is ".png" or ".webp");
        Assert.Empty(service.Errors);
    }

    /// <summary>Waits for the first whole line of an audit.</summary>
    private sealed class Lines : IDisposable
    {
        private readonly FileSystemWatcher _watcher;
        private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Lines(string folder)
        {
            Directory.CreateDirectory(Path.Combine(folder, "audits"));
            _watcher = new FileSystemWatcher(Path.Combine(folder, "audits")) { IncludeSubdirectories = true, EnableRaisingEvents = true };
            _watcher.Created += (_, change) => Look(change.FullPath);
            _watcher.Changed += (_, change) => Look(change.FullPath);
        }

        public Task<string> FirstAsync() => _first.Task;

        public void Dispose() => _watcher.Dispose();

        private void Look(string path)
        {
            if (!path.EndsWith(".jsonl", StringComparison.Ordinal)) return;
            using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            if (file.ReadToEnd() is { } text && text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end) _first.TrySetResult(text[..end]);
        }
    }
}
