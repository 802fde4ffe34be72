using System.CommandLine;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.Evaluation;
using M3.Adaptive.Training.ModelTraining;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;

namespace M3.Adaptive.Training;

/// <summary>The program's commands: one per stage.</summary>
public static class TrainingCommand
{
    private const int WrongUse = 2;

    /// <summary>How long an interrupted command may take to end its step; native code that still runs when the process ends has crashed.</summary>
    private static readonly TimeSpan Leave = TimeSpan.FromMinutes(1);

    // Package names begin with "@", which would else name a file of further arguments.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs one command. Exit code 0 on success, 1 for a failure of ours, 2 for wrong use or input, 130 when interrupted.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var root = new RootCommand("Generates data, trains the model and its predictor, and evaluates both.")
        {
            DataCommand.Create(),
            TrainCommand.Create(),
            LabelCommand.Create(),
            PredictorCommand.Create(),
            EvalCommand.Create(),
            InspectCommand.Create(),
        };
        var parsed = root.Parse(arguments, Parser);
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Leave }); // prints errors and usage if there are any
        return parsed.Errors.Count > 0 ? WrongUse : code;
    }
}
