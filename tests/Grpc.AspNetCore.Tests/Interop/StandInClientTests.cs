using System.Diagnostics;
using Grpc.Net.Client;
using Grpc.Testing;
using InteropHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Tests.Interop;

/// <summary>gRPC's interoperability tests, run by this client against this server and against grpcio's.</summary>
public sealed class StandInClientTests(StandInClientTests.Servers servers) : IClassFixture<StandInClientTests.Servers>
{
    public static TheoryData<string> Cases => InteropCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public Task OwnServer(string name) => RunAsync(name, servers.Own, probes: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task GrpcioServer(string name) => RunAsync(name, servers.Grpcio, probes: false);

    private static async Task RunAsync(string name, Uri server, bool probes)
    {
        var flags = new FrameFlags();
        using var channel = GrpcChannel.ForAddress(server, new GrpcChannelOptions { HttpHandler = new FlagTap(flags), DisposeHttpClient = true });
        var cases = new InteropCases(new TestService.TestServiceClient(channel), new UnimplementedService.UnimplementedServiceClient(channel), flags, probes);
        await cases.RunAsync(name).Soon();
    }

    /// <summary>Both servers, for all cases.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("interop");
        private ErrorLog Log { get; } = new();
        private WebApplication? _own;
        private Process? _grpcio;

        internal Uri Own { get; private set; } = null!;

        internal Uri Grpcio { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _own = InteropServer.Build(0, logging => logging.ClearProviders().AddProvider(Log));
            await _own.StartAsync();
            Own = new Uri(_own.Urls.Single());

            var start = StockPrograms.Python("interop_server.py", StockPrograms.WriteDescriptors(_folder.FullName));
            start.RedirectStandardInput = start.RedirectStandardOutput = true;
            _grpcio = Process.Start(start)!;
            Grpcio = new Uri($"http://127.0.0.1:{await _grpcio.StandardOutput.ReadLineAsync().Soon()}");
        }

        public async Task DisposeAsync()
        {
            if (_grpcio is not null)
            {
                _grpcio.StandardInput.Close(); // the program ends with its input
                await _grpcio.WaitForExitAsync().Soon();
                _grpcio.Dispose();
            }

            if (_own is not null)
            {
                await _own.StopAsync();
                await _own.DisposeAsync();
            }

            _folder.Delete(recursive: true);
            Log.ThrowIfAny();
        }
    }
}
