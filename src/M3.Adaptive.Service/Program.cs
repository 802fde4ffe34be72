using System.CommandLine;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Service.Administration;
using M3.Adaptive.Service.Hosting;

var program = new RootCommand { ServeCommand.Create(), DecisionsCommand.Create(), BudgetCommand.Create(), KeyCommand.Create(), PredictorCommand.Create() };

// The host itself answers SIGTERM and Ctrl-C, and takes the time that running answers need; the parser would cut them off.
return args is [var first, ..] && program.Subcommands.Any(command => command.Name == first && first != ServeCommand.Name)
    ? await program.RunAsync(args, StartFault.Explain, timeToStop: TimeSpan.FromSeconds(2))
    : await program.RunAsync(args is [ServeCommand.Name, ..] ? args : [ServeCommand.Name, .. args], StartFault.Explain, timeToStop: null);
