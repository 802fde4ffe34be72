using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Alpha = Grpc.Reflection.V1Alpha;
using Asked = Grpc.Reflection.V1.ServerReflectionRequest;

namespace Grpc.AspNetCore.Tests.Reflection;

public class ReflectionTests
{
    private static Task<EchoServer> StartAsync() => EchoServer.StartAsync(
        services: services => services.AddGrpcReflection(), map: app => app.MapGrpcReflectionService());

    private static async Task<List<ServerReflectionResponse>> AskAsync(EchoServer server, params Asked[] questions)
    {
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        foreach (var question in questions) await call.RequestStream.WriteAsync(question).Soon();
        await call.RequestStream.CompleteAsync();
        return await call.ResponseStream.ReadAllAsync().ToListAsync().AsTask().Soon();
    }

    private static string[] Files(ServerReflectionResponse answer) =>
        [.. answer.FileDescriptorResponse.FileDescriptorProto.Select(bytes => FileDescriptorProto.Parser.ParseFrom(bytes).Name)];

    [Fact]
    public async Task ListServices_NamesAllMapped()
    {
        await using var server = await StartAsync();

        var answer = Assert.Single(await AskAsync(server, new Asked { Host = "h", ListServices = "" }));

        Assert.Equal(
            ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "standin.tests.Echo"],
            answer.ListServicesResponse.Service.Select(service => service.Name));
        Assert.Equal("h", answer.ValidHost);
        Assert.Equal(Asked.MessageRequestOneofCase.ListServices, answer.OriginalRequest.MessageRequestCase);
    }

    [Theory]
    [InlineData("standin.tests.Echo", "echo.proto", "extended.proto")]
    [InlineData("standin.tests.Echo.Unary", "echo.proto", "extended.proto")]
    [InlineData("standin.tests.EchoRequest", "echo.proto", "extended.proto")]
    [InlineData("standin.tests.EchoRequest.text", "echo.proto", "extended.proto")]
    [InlineData("standin.tests.Outer.Inner", "extended.proto")]
    [InlineData("standin.tests.Outer.Kind", "extended.proto")]
    [InlineData("standin.tests.extra", "extended.proto")]
    public async Task FileContainingSymbol_AnyKindOfSymbol_GivesFileAndImports(string symbol, params string[] files)
    {
        await using var server = await StartAsync();

        var answer = Assert.Single(await AskAsync(server, new Asked { FileContainingSymbol = symbol }));

        Assert.Equal(files, Files(answer));
    }

    [Fact]
    public async Task Unknown_IsAnAnswer_AndTheStreamGoesOn()
    {
        await using var server = await StartAsync();

        var answers = await AskAsync(
            server, new Asked { FileContainingSymbol = "no.Such" }, new Asked { FileByFilename = "no.proto" }, new Asked(), new Asked { ListServices = "" });

        Assert.Equal([5, 5, 3], answers.Take(3).Select(answer => answer.ErrorResponse.ErrorCode));
        Assert.NotEmpty(answers[3].ListServicesResponse.Service);
    }

    [Fact]
    public async Task Extensions_AreFoundByNumberAndListed()
    {
        await using var server = await StartAsync();

        var answers = await AskAsync(
            server,
            new Asked { AllExtensionNumbersOfType = "standin.tests.Outer" },
            new Asked { FileContainingExtension = new ExtensionRequest { ContainingType = "standin.tests.Outer", ExtensionNumber = 101 } },
            new Asked { AllExtensionNumbersOfType = "standin.tests.EchoRequest" },
            new Asked { AllExtensionNumbersOfType = "no.Such" },
            new Asked { FileContainingExtension = new ExtensionRequest { ContainingType = "standin.tests.Outer", ExtensionNumber = 999 } });

        Assert.Equal([100, 101], answers[0].AllExtensionNumbersResponse.ExtensionNumber);
        Assert.Contains("extended.proto", Files(answers[1]));
        Assert.Empty(answers[2].AllExtensionNumbersResponse.ExtensionNumber);
        Assert.Equal([5, 5], answers[3..].Select(answer => answer.ErrorResponse.ErrorCode));
    }

    [Fact]
    public async Task V1Alpha_AnswersTheSame()
    {
        await using var server = await StartAsync();
        using var call = new Alpha.ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();

        await call.RequestStream.WriteAsync(new Alpha.ServerReflectionRequest { FileByFilename = "echo.proto" }).Soon();
        Assert.True(await call.ResponseStream.MoveNext().Soon());
        var v1 = Assert.Single(await AskAsync(server, new Asked { FileByFilename = "echo.proto" }));

        Assert.Equal(v1.ToByteString(), call.ResponseStream.Current.ToByteString());
    }

    [Fact]
    public async Task OpenStream_ServerStops_DoesNotHoldItUp()
    {
        var server = await StartAsync();
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(server.Address);
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new Asked { ListServices = "" }).Soon();
        Assert.True(await call.ResponseStream.MoveNext().Soon());

        await server.DisposeAsync().AsTask().Soon();

        Assert.False(await call.ResponseStream.MoveNext().Soon());
    }
}
