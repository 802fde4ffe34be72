using System.CommandLine;
using M3.Adaptive.Cli.Commands;
using M3.Adaptive.Cli.Connection;

var program = new RootCommand("Client of M3.Adaptive: questions about pictures, each at the number of visual tokens that it needs.")
{
    AskCommand.Create(),
    DemoCommand.Create(),
    LoadCommand.Create(),
    StatusCommand.Create(),
    OutcomeCommand.Create(),
    PredictorCommand.Create(),
};

return await program.RunAsync(args, ServiceFault.Explain, timeToStop: TimeSpan.FromSeconds(2));
