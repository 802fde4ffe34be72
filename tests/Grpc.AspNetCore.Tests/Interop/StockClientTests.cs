using System.Text.Json;
using InteropHost;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Tests.Interop;

/// <summary>gRPC's interoperability tests, run by stock clients against this server.</summary>
public sealed class StockClientTests(StockClientTests.Results results) : IClassFixture<StockClientTests.Results>
{
    public static TheoryData<string> Cases => InteropCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void GrpcJs(string name) => Assert.Null(results.OfJavaScript[name]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void PythonGrpcio(string name) => Assert.Null(results.OfPython[name]);

    [Fact]
    public void Cases_AreAllEighteen()
    {
        Assert.Equal(18, Cases.Count);
        Assert.Equal(18, results.OfJavaScript.Count);
        Assert.Equal(18, results.OfPython.Count);
    }

    [Fact]
    public void Server_LoggedNoError() => results.Log.ThrowIfAny();

    /// <summary>Each client runs all cases once; by case, what went wrong, or null.</summary>
    public sealed class Results : IAsyncLifetime
    {
        internal ErrorLog Log { get; } = new();

        internal Dictionary<string, string?> OfJavaScript { get; private set; } = [];

        internal Dictionary<string, string?> OfPython { get; private set; } = [];

        public async Task InitializeAsync()
        {
            await using var app = InteropServer.Build(0, logging => logging.ClearProviders().AddProvider(Log));
            await app.StartAsync();
            var address = new Uri(app.Urls.Single()).Authority;
            var folder = Directory.CreateTempSubdirectory("interop");
            try
            {
                OfJavaScript = Read(await StockPrograms.RunAsync(StockPrograms.Node("interop_client.js", address, StockPrograms.Protos)));
                OfPython = Read(await StockPrograms.RunAsync(
                    StockPrograms.Python("interop_client.py", address, StockPrograms.WriteDescriptors(folder.FullName))));
            }
            finally
            {
                folder.Delete(recursive: true);
            }

            await app.StopAsync();
        }

        public Task DisposeAsync() => Task.CompletedTask;

        private static Dictionary<string, string?> Read(string lines) => lines
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<Result>(line, JsonSerializerOptions.Web)!)
            .ToDictionary(result => result.Name, result => result.Error);

        private sealed record Result(string Name, bool Ok, string? Error);
    }
}
