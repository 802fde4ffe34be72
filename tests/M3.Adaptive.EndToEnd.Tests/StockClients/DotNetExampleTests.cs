using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Time;

namespace M3.Adaptive.EndToEnd.Tests.StockClients;

[Collection(ServiceCollection.Name)]
public sealed class DotNetExampleTests(RunningService service)
{
    private const string Mark = "// From here on as in protos/README.md.\n";

    [Fact]
    public void Example_InTheReadme_IsTheOneThatIsCompiled()
    {
        var source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "M3.Adaptive.EndToEnd.Tests", "StockClients", "DotNetExample.cs"));
        var compiled = source[(source.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length)..];
        var shown = ReadmeExample.Of("csharp")[0].Replace("\"http://127.0.0.1:50051\"", "address").Replace($"\"{ReadmeExample.Picture}\"", "picturePath");

        Assert.StartsWith(Lines(shown), Lines(compiled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Example_RunningService_EstimatesStreamsAnswersABatchAndRecords()
    {
        var output = new StringWriter();

        await DotNetExample.RunAsync(service.Address, Path.Combine(RepositoryRoot.Path, ReadmeExample.Picture), output).Soon();

        Assert.Contains("visual tokens, at most 144", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("(144 visual tokens, decision ", output.ToString(), StringComparison.Ordinal);
    }

    // Without indentation and usings.
    private static string Lines(string code) => string.Join(
        '\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !(line.StartsWith("using ", StringComparison.Ordinal) && line.EndsWith(';') && !line.Contains('='))));
}
