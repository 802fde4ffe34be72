using System.IO.Compression;
using System.Reflection;
using M3.Adaptive.EndToEnd.Tests.Processes;
using M3.Adaptive.EndToEnd.Tests.Service;
using M3.Adaptive.TestKit;
using M3.Adaptive.TestKit.Files;

namespace M3.Adaptive.EndToEnd.Tests.Client;

/// <summary>The package as it is given away, used by a project that knows nothing of this repository.</summary>
[Collection(ServiceCollection.Name)]
public sealed class PackageTests(RunningService service) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);                    // a restore and a build

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Package_InAFreshProject_AsksTheService()
    {
        var version = await PackAsync();
        await File.WriteAllTextAsync(_folder.Combine("nuget.config"), $"""<configuration><packageSources><add key="packed" value="{_folder.Path}" /></packageSources></configuration>""");
        await File.WriteAllTextAsync(_folder.Combine("fresh.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
                <RestorePackagesPath>packages</RestorePackagesPath>
                <RestoreFallbackFolders>{PackageCache}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="M3.Adaptive.Client" Version="{version}" /></ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(_folder.Combine("Program.cs"), """
            using M3.Adaptive.Client;
            using M3.Adaptive.Client.Chat;
            using Microsoft.Extensions.AI;

            using var client = new M3Client(new M3ClientOptions { Addresses = { new Uri(args[0]) } });
            var picture = new DataContent(File.ReadAllBytes(args[1]), "image/png");
            var response = await new M3ChatClient(client).GetResponseAsync([new ChatMessage(ChatRole.User, [picture, new TextContent("what is it")])]);
            Console.WriteLine($"{response.Usage?.AdditionalCounts?[M3ChatClient.ImageTokens]} image tokens");
            """);

        var ended = await Finished.RunAsync("dotnet", ["run", "--", service.Address, service.Picture], _folder.Path, limit: Limit);

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        Assert.Contains("144 image tokens", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_HoldsReadmeContractSymbolsAndProtos()
    {
        var version = await PackAsync();

        using var package = ZipFile.OpenRead(_folder.Combine($"M3.Adaptive.Client.{version}.nupkg"));
        using var symbols = ZipFile.OpenRead(_folder.Combine($"M3.Adaptive.Client.{version}.snupkg"));

        string[] expected =
        [
            "README.md", "lib/net10.0/M3.Adaptive.Client.dll", "lib/net10.0/M3.Adaptive.Client.xml", "lib/net10.0/M3.Adaptive.Contracts.dll",
            "lib/net10.0/M3.Adaptive.Contracts.xml", "protos/m3/adaptive/v1/adaptive_service.proto", "protos/google/rpc/status.proto",
        ];
        Assert.Empty(expected.Except(package.Entries.Select(static entry => entry.FullName)));
        Assert.Empty(new[] { "lib/net10.0/M3.Adaptive.Client.pdb", "lib/net10.0/M3.Adaptive.Contracts.pdb" }.Except(symbols.Entries.Select(static entry => entry.FullName)));
    }

    // What was built, as it is.
    private async Task<string> PackAsync()
    {
        var project = Path.Combine(RepositoryRoot.Path, "src", "M3.Adaptive.Client");
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var packed = await Finished.RunAsync("dotnet", ["pack", project, "--configuration", configuration, "--no-build", "--output", _folder.Path], limit: Limit);
        Assert.True(packed.ExitCode == 0, packed.Output);
        var file = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(_folder.Path, "*.nupkg")));
        return file["M3.Adaptive.Client.".Length..];
    }

    private static string PackageCache => typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static entry => entry.Key == "NuGetPackages").Value ?? "";
}
