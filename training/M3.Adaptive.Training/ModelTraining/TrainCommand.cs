using System.CommandLine;
using M3.Adaptive.CommandLine;
using M3.Adaptive.CommandLine.Values;
using M3.Adaptive.Model.Backend;
using M3.Adaptive.Training.DataGeneration;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary><c>train</c>: the stages that make m3-nano, each of which goes on where an interrupted run stopped.</summary>
internal static class TrainCommand
{
    private const string AtLeastOne = "1 or more";

    private const string WhenInterrupted = "the same command goes on from the last checkpoint";

    private static readonly Option<DirectoryInfo> Work = new("--work")
    {
        Description = "Where checkpoints, features and metrics are kept (default: $M3_STATE/training/m3-nano).",
        Recursive = true,
    };

    private static readonly Option<string> On = new Option<string>("--device")
    {
        Description = "Where the tensors are.",
        DefaultValueFactory = _ => "cpu",
        Recursive = true,
    }.AcceptOnlyFromAmong("cpu", "cuda");

    private static readonly Option<string> Arithmetic = new Option<string>("--arithmetic")
    {
        Description = "bfloat16, float32, or auto: bfloat16 on a GPU, on a processor the one that is measured to be quicker when the run begins.",
        DefaultValueFactory = _ => "auto",
        Recursive = true,
    }.AcceptOnlyFromAmong("auto", "bfloat16", "float32");

    private static readonly Option<int> Threads = new Option<int>("--threads")
    {
        Description = "Worker threads that share each batch; 0 takes one a processor.",
        Recursive = true,
    }.Where(threads => threads is >= 0 and <= 1024, "0 to 1024");

    private static readonly Option<bool> Smoke = new("--smoke") { Description = "A run of under a minute that shows that every stage works.", Recursive = true };

    private static readonly Option<int?> Pictures = new Option<int?>("--pictures") { Description = $"vision: pictures seen in all ({Sizes(sizes => sizes.Pictures)}).", Recursive = true }
        .Where(IsAtLeastOne, AtLeastOne);

    private static readonly Option<int?> Scenes = new Option<int?>("--scenes") { Description = $"features: training scenes encoded ({Sizes(sizes => sizes.Scenes)}).", Recursive = true }
        .Where(IsAtLeastOne, AtLeastOne);

    private static readonly Option<int?> Steps = new Option<int?>("--steps") { Description = $"language: steps in all ({Sizes(sizes => sizes.Steps)}).", Recursive = true }
        .Where(IsAtLeastOne, AtLeastOne);

    private static readonly Option<int?> Batch = new Option<int?>("--batch") { Description = $"language: pictures a step ({Sizes(sizes => sizes.Batch)}).", Recursive = true }
        .Where(IsAtLeastOne, AtLeastOne);

    private static readonly Option<double?> LearningRate = new Option<double?>("--learning-rate")
    {
        Description = "language: peak while the decoder learns (0.0015).",
        Recursive = true,
    }.Where(rate => rate is null or > 0, "a number above 0");

    private static readonly Option<double> WordNoise = new Option<double>("--word-noise")
    {
        Description = "language: share of the questions whose words are lost, misspelled or replaced by ones that do not exist, 0 to 1.",
        Recursive = true,
    }.Where(share => share is >= 0 and <= 1, "a share from 0 to 1, as in --word-noise 0.3");

    private static readonly Option<string> Pooling = new Option<string>("--pooling")
    {
        Description = "language, export: how coarse sets of visual tokens are made; sequential and spatial sampling for study.",
        DefaultValueFactory = _ => NanoModel.AveragePooling,
        Recursive = true,
    }.AcceptOnlyFromAmong(NanoModel.AveragePooling, "sequential", "spatial");

    private static readonly Option<DirectoryInfo> From = new("--from")
    {
        Description = "A model folder to go on from, as in --from models/m3-nano: its decoder learns on, in the words of today's questions. Wants a --work of its own.",
        Recursive = true,
    };

    private static readonly Option<bool> LearnTower = WithFrom(new Option<bool>("--learn-tower")
    {
        Description = "vision, with --from: that model's tower learns on, too; without it, it stays as it is.",
        Recursive = true,
    });

    private static readonly Option<string?> Kind = new Option<string?>("--kind")
    {
        Description = $"features: scenes that are added are of this kind only: {string.Join(", ", Kinds.Asked)}.",
        Recursive = true,
    }.AcceptOnlyFromAmong([.. Kinds.Asked]);

    private static readonly Option<Phase?> Lessons = LessonsOption();

    private static readonly Option<double> Keep = KeepOption();

    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "export: the model folder (default models/m3-nano).", Recursive = true };

    public static Command Create()
    {
        var all = new Command("train", "Trains m3-nano: tokenizer, vision, features, language, export; without a stage, all of them in turn.")
        {
            Work, On, Arithmetic, Threads, Smoke, Pictures, Scenes, Steps, Batch, LearningRate, WordNoise, Pooling, Kind, From, LearnTower, Lessons, Keep, Out,
            Stage("tokenizer", "Makes the SentencePiece vocabulary of what is asked.", run => run.Tokenizer()),
            Stage("vision", "Dense pre-training of the vision tower.", run => run.Vision()),
            Stage("features", "Encodes scenes once for stage 2.", run => run.Features()),
            Stage("language", "Projector and decoder, all scales.", run => run.Language()),
            Stage("export", "Writes the model folder in the published format.", run => run.Export()),
        };
        all.SetWork((parsed, cancellation) => Start(parsed, run => run.All(), cancellation), WhenInterrupted);
        return all;
    }

    private static Option<Phase?> LessonsOption()
    {
        var option = new Option<Phase?>("--lessons")
        {
            Description = "language, with --from: what is learnt, with weights, as in receipts=1,all@576=0.5 (default: all, the cheap scales first). "
                + $"Lessons: {string.Join(", ", Curriculum.Named.Keys)}.",
            CustomParser = result =>
            {
                if (Curriculum.TryParse(result.Tokens[^1].Value, out var phase, out var fault)) return phase;
                result.AddError($"--lessons: {fault}");
                return null;
            },
            Recursive = true,
        };
        return WithFrom(option);
    }

    private static Option<double> KeepOption()
    {
        var option = new Option<double>("--keep")
        {
            Description = "export, with --from: share of that model's weights in those written, 0 to 1; the mean, 0.5, keeps what a training in one skill unlearns.",
            Recursive = true,
        };
        return WithFrom(option).Where(share => share is >= 0 and <= 1, "a share from 0 to 1, as in --keep 0.5");
    }

    private static bool IsAtLeastOne(int? count) => count is null or >= 1;

    /// <summary>Refuses an option that is for a model that goes on where none is named.</summary>
    private static Option<T> WithFrom<T>(Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (!result.Implicit && result.GetResult(From) is null) result.AddError($"{option.Name} is for a model that goes on: name it, as in --from models/m3-nano.");
        });
        return option;
    }

    /// <summary>A default of each device, for the help.</summary>
    private static string Sizes(Func<TrainingSizes, int> of) => $"{of(TrainingSizes.Processor)}, on a GPU {of(TrainingSizes.Gpu)}";

    private static Command Stage(string name, string description, Action<TrainingRun> stage)
    {
        var command = new Command(name, description);
        command.SetWork((parsed, cancellation) => Start(parsed, stage, cancellation), WhenInterrupted);
        return command;
    }

    private static void Start(ParseResult parsed, Action<TrainingRun> stages, CancellationToken cancellation)
    {
        Libtorch.Require();
        var threads = parsed.GetValue(Threads) is > 0 and var asked ? asked : Environment.ProcessorCount;
        var smoke = parsed.GetValue(Smoke);
        var root = parsed.GetValue(Work)?.FullName ?? Path.Combine(StateFolder.Path, "training", smoke ? "smoke" : "m3-nano");
        OutputFolder.RequireWritable(root, "name another folder with --work, or set M3_STATE");
        var output = parsed.GetValue(Out)?.FullName ?? Path.Combine(smoke ? root : "models", "m3-nano");
        ModelExport.CheckReplaceable(output);                                     // now, not after a night
        var device = parsed.GetValue(On) == "cuda" ? CUDA : CPU;
        var sizes = smoke ? TrainingSizes.Smoke : TrainingSizes.For(device);
        var run = new TrainingRun(new TrainingFolder(root), device, cancellation)
        {
            Workers = device.type == TorchSharp.DeviceType.CPU ? threads : 1,
            Arithmetic = parsed.GetValue(Arithmetic) switch
            {
                "bfloat16" => ScalarType.BFloat16,
                "float32" => ScalarType.Float32,
                _ => null,
            },
            Sizes = sizes with
            {
                Pictures = parsed.GetValue(Pictures) ?? sizes.Pictures,
                Scenes = parsed.GetValue(Scenes) ?? sizes.Scenes,
                Steps = parsed.GetValue(Steps) ?? sizes.Steps,
                Batch = parsed.GetValue(Batch) ?? sizes.Batch,
            },
            LearningRate = parsed.GetValue(LearningRate),
            WordNoise = parsed.GetValue(WordNoise),
            Pooling = parsed.GetRequiredValue(Pooling),
            Out = output,
            Smoke = smoke,
            From = parsed.GetValue(From)?.FullName,
            LearnTower = parsed.GetValue(LearnTower),
            Kind = parsed.GetValue(Kind),
            Lessons = parsed.GetValue(Lessons),
            Keep = parsed.GetValue(Keep),
        };

        stages(run);
    }
}
