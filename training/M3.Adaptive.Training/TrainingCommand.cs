using System.CommandLine;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Model.Backend;
using M3.Adaptive.Model.Checkpoint;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Predictor;
using M3.Adaptive.Predictor.Registry;
using M3.Adaptive.Store;
using M3.Adaptive.Training.DataGeneration;
using M3.Adaptive.Training.Evaluation;
using M3.Adaptive.Training.Evaluation.Router;
using M3.Adaptive.Training.ModelTraining;
using M3.Adaptive.Training.OracleLabelling;
using M3.Adaptive.Training.PredictorTraining;
using M3.Adaptive.Training.Retraining;
using M3.Adaptive.Training.Retraining.Demonstration;

namespace M3.Adaptive.Training;

/// <summary>The program's commands: one per stage.</summary>
public static class TrainingCommand
{
    // Native code that still runs when the process ends crashes, so an interrupted command may take its time to end its step.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromMinutes(1);

    /// <summary>Runs one command.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> arguments) => Create().RunAsync(arguments, Explain, TimeToStop);

    internal static RootCommand Create() => new("Generates data, trains the model and its predictor, and evaluates both.")
    {
        DataCommand.Create(),
        TrainCommand.Create(),
        LabelCommand.Create(),
        new Command("predictor", "Train and judge the predictor that chooses the number of visual tokens.")
        {
            TrainPredictorCommand.Create(), RetrainCommand.Create(), EvaluatePredictorCommand.Create(),
        },
        new Command("demo", "Shows what the product does.") { RetrainDemoCommand.Create() },
        EvalCommand.Create(),
        InspectCommand.Create(),
    };

    private static CommandException? Explain(Exception exception) => exception switch
    {
        DivergedException or LibtorchException => new CommandException(exception.Message, ExitCode.Failure, exception),
        RegistryException { Fault: RegistryFault.Unavailable } => new CommandException(exception.Message, ExitCode.Failure, exception),
        RegistryException or StoreException or InvalidDataException or CheckpointException or TokenizerException or InvalidImageException or PredictorException or DataAssetException
            or IOException or UnauthorizedAccessException => new CommandException(exception.Message, ExitCode.WrongUse, exception),
        _ => null,
    };
}
