using System.Text.Json.Nodes;
using M3.Adaptive.EndToEnd.Tests.Service;

namespace M3.Adaptive.EndToEnd.Tests.StockClients;

/// <summary>What a client that knows nothing of .NET gets from the service, over the protocol and the committed contract alone.</summary>
public abstract class StockClientTests(RunningService service)
{
    private const double Patient = 60_000;

    [Fact]
    public async Task Ask_Picture_GetsAnAnswer()
    {
        var outcome = await AskAsync(service.Picture, Patient);

        Assert.Equal("OK", (string?)outcome["code"]);
        Assert.Equal([144], outcome["scales"]?.AsArray().Select(scale => (int?)scale));
        Assert.Equal(144, (int?)outcome["charged"]);
    }

    [Fact]
    public async Task Ask_TextFile_IsInvalidArgumentAndTheServiceLivesOn()
    {
        var outcome = await AskAsync(service.TextFile, Patient);

        Assert.Equal("INVALID_ARGUMENT", (string?)outcome["code"]);
        Assert.StartsWith("image.data:", (string?)outcome["details"], StringComparison.Ordinal);
        Assert.Equal("OK", (string?)(await AskAsync(service.Picture, Patient))["code"]);
    }

    [Fact]
    public async Task Ask_WithinOneMillisecond_IsDeadlineExceededAndTheServiceLivesOn()
    {
        var outcome = await AskAsync(service.Picture, milliseconds: 1);

        Assert.Equal("DEADLINE_EXCEEDED", (string?)outcome["code"]);
        Assert.Equal("OK", (string?)(await AskAsync(service.Picture, Patient))["code"]);
    }

    /// <summary>Asks one question and returns status and answer as the client's script prints them.</summary>
    protected abstract Task<JsonNode> AskAsync(string image, double milliseconds);

    /// <summary>The service's address as gRPC libraries write it.</summary>
    protected string Target => service.Process.Address.Authority;
}
