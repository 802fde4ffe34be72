using System.CommandLine;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Service.Hosting;

// The host itself answers SIGTERM and Ctrl-C, and takes the time that running answers need; the parser would cut them off.
return await new RootCommand { ServeCommand.Create() }.RunAsync(["serve", .. args], StartFault.Explain, timeToStop: null);
