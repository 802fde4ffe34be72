using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Testing;

namespace Grpc.AspNetCore.Tests.Interop;

/// <summary>Starts the programs in <c>tests/InteropHost/clients</c>, which are written for stock gRPC in other languages.</summary>
internal static class StockPrograms
{
    private const string SystemPython = "/usr/bin/python3"; // Debian's grpcio belongs to this one

    private static readonly Lazy<string> Root = new(FindRoot);
    private static readonly Lock Installing = new();

    public static string Protos => Path.Combine(Root.Value, "Protos");

    public static ProcessStartInfo Python(string script, params string[] arguments) =>
        new(SystemPython, [Path.Combine(Root.Value, "clients", "python", script), .. arguments]) { Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" } };

    public static ProcessStartInfo Node(string script, params string[] arguments)
    {
        var folder = Path.Combine(Root.Value, "clients", "js");
        lock (Installing) Install(folder);
        return new("node", [Path.Combine(folder, script), .. arguments]);
    }

    /// <summary>Runs a program to its end and gives its standard output.</summary>
    public static async Task<string> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {await errors}");
    }

    /// <summary>Writes the test service's files as a FileDescriptorSet, from which Python makes its messages.</summary>
    public static string WriteDescriptors(string folder)
    {
        var path = Path.Combine(folder, "testing.pb");
        FileDescriptor[] files = [MessagesReflection.Descriptor, TestReflection.Descriptor];
        File.WriteAllBytes(path, new FileDescriptorSet { File = { files.Select(file => FileDescriptorProto.Parser.ParseFrom(file.SerializedData)) } }.ToByteArray());
        return path;
    }

    // The lock file pins every package; node_modules is ignored by git.
    private static void Install(string folder)
    {
        var (wanted, installed) = (Path.Combine(folder, "package-lock.json"), Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (File.Exists(installed) && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(wanted)) return;
        RunAsync(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]) { WorkingDirectory = folder }).GetAwaiter().GetResult();
        File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "M3.Adaptive.sln")))
                return Path.Combine(folder.FullName, "tests", "InteropHost");
        throw new InvalidOperationException("The tests run outside their checkout.");
    }
}
