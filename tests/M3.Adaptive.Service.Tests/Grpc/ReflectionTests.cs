using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using M3.Adaptive.Contracts.V1;
using M3.Adaptive.Service.Tests.Endpoint;
using M3.Adaptive.TestKit.Time;
using Alpha = Grpc.Reflection.V1Alpha;

namespace M3.Adaptive.Service.Tests.Grpc;

/// <summary>What tools such as grpcurl learn of the service without its files, by the protocol's current version and by the one before.</summary>
public sealed class ReflectionTests
{
    [Fact]
    public async Task ListServices_ByEitherVersion_NamesTheContractAndHealth()
    {
        await using var host = await EndpointHost.StartAsync();

        var current = await AskAsync(host, new ServerReflectionRequest { ListServices = "" });
        var alpha = await AskAlphaAsync(host, new Alpha.ServerReflectionRequest { ListServices = "" });

        var names = current.ListServicesResponse.Service.Select(service => service.Name).ToList();
        Assert.Contains(AdaptiveService.Descriptor.FullName, names);
        Assert.Contains("grpc.health.v1.Health", names);
        Assert.Equal(names, alpha.ListServicesResponse.Service.Select(service => service.Name));
    }

    [Fact]
    public async Task FileContainingSymbol_ByEitherVersion_GivesTheContractsFiles()
    {
        await using var host = await EndpointHost.StartAsync();
        var symbol = AdaptiveService.Descriptor.FullName;

        var current = await AskAsync(host, new ServerReflectionRequest { FileContainingSymbol = symbol });
        var alpha = await AskAlphaAsync(host, new Alpha.ServerReflectionRequest { FileContainingSymbol = symbol });

        var files = FilesOf(current.FileDescriptorResponse.FileDescriptorProto);
        Assert.Contains("m3/adaptive/v1/adaptive_service.proto", files);
        Assert.Contains("m3/adaptive/v1/routing.proto", files);
        Assert.Equal(files, FilesOf(alpha.FileDescriptorResponse.FileDescriptorProto));
    }

    private static async Task<ServerReflectionResponse> AskAsync(EndpointHost host, ServerReflectionRequest question)
    {
        using var call = new ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(question).Soon();
        await call.RequestStream.CompleteAsync().Soon();
        Assert.True(await call.ResponseStream.MoveNext().Soon());
        return call.ResponseStream.Current;
    }

    private static async Task<Alpha.ServerReflectionResponse> AskAlphaAsync(EndpointHost host, Alpha.ServerReflectionRequest question)
    {
        using var call = new Alpha.ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(question).Soon();
        await call.RequestStream.CompleteAsync().Soon();
        Assert.True(await call.ResponseStream.MoveNext().Soon());
        return call.ResponseStream.Current;
    }

    private static IEnumerable<string> FilesOf(IEnumerable<ByteString> files) =>
        files.Select(bytes => FileDescriptorProto.Parser.ParseFrom(bytes).Name).Order();
}
