using System.Globalization;
using InteropHost;
using Microsoft.Extensions.Hosting;

// Serves gRPC's interoperability tests until it is stopped. With --port 0 the system chooses; the address is printed either way.
if (args is not ["--port", var text] || !ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
{
    Console.Error.WriteLine("Usage: InteropHost --port N");
    return 2;
}

var app = InteropServer.Build(port);
await app.StartAsync();
Console.WriteLine($"Listening on {app.Urls.Single()}");
await app.WaitForShutdownAsync();
return 0;
