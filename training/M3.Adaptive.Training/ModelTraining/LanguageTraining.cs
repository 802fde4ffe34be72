using M3.Adaptive.Core;
using M3.Adaptive.Model.Network;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Training.DataGeneration;
using TorchSharp;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Settings of stage 2.</summary>
internal sealed record LanguageRecipe
{
    public int Steps { get; init; } = TrainingSizes.Processor.Steps;

    /// <summary>What is learnt, one after the other.</summary>
    public IReadOnlyList<Phase> Phases { get; init; } = Curriculum.Phases;

    /// <summary>From the weights in <see cref="TrainingFolder.Language"/> on, instead of from random ones.</summary>
    public bool GoesOn { get; init; }

    /// <summary>Steps that only align projector and embeddings with the patches' names.</summary>
    public int AlignmentSteps { get; init; } = 1_200;

    /// <summary>Pictures a step.</summary>
    public int Batch { get; init; } = TrainingSizes.Processor.Batch;

    /// <summary>Peak while the decoder learns.</summary>
    public double LearningRate { get; init; } = 1.5e-3;

    public double AlignmentRate { get; init; } = 2.5e-3;

    public double WeightDecay { get; init; } = 0.05;

    public int WarmUpSteps { get; init; } = 100;

    /// <summary>So small that every step is clipped: a lesson that is still hard does not outweigh those that are known.</summary>
    public double ClipNorm { get; init; } = 0.25;

    /// <summary>Questions of one picture in one sequence.</summary>
    public int QuestionsPerPicture { get; init; } = 8;

    /// <summary>The alignment's weight beside the answers' loss.</summary>
    public double SideLoss { get; init; } = 0.2;

    /// <summary>Share of the questions whose words are disturbed, 0 to 1: see <see cref="ModelTraining.WordNoise"/>.</summary>
    public double WordNoise { get; init; }

    public int ValidateEvery { get; init; } = 1_200;

    public int ValidationPictures { get; init; } = 96;

    /// <summary>Steps that a stopped run loses at most.</summary>
    public int SaveEvery { get; init; } = 200;

    public ulong Seed { get; init; } = 1;

    public Pooling Pooling { get; init; } = Pooling.Average;

    public ScalarType Arithmetic { get; init; } = ScalarType.Float32;

    /// <summary>Worker threads that share each batch.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>
    /// The decoder warms up when it begins to learn, behind the alignment, and again in each phase: with steps of full length, what is
    /// new wrecks what is known. Within 60 steps of the first signs, "where" fell from 0.92 to 0.50.
    /// </summary>
    public double RateAt(long step)
    {
        if (step < AlignmentSteps) return AlignmentRate * Math.Min(1, (step + 1.0) / WarmUpSteps);
        var before = Curriculum.At(Phases, step - AlignmentSteps, Steps - AlignmentSteps).Before;
        return Math.Min(1, (before + 1.0) / WarmUpSteps) * Schedule.Rate(step - AlignmentSteps, Steps - AlignmentSteps, warmUp: 0, LearningRate);
    }
}

/// <summary>Stage 2: projector and decoder on cached features, by the mean over the scales of the answers' loss (M3, Eq. 3.2), one scale drawn a step.</summary>
internal sealed class LanguageTraining(TrainingFolder folder, LanguageRecipe recipe, Device device)
{
    public void Run(CancellationToken cancellation)
    {
        torch.manual_seed((long)recipe.Seed);
        torch.set_num_threads(recipe.Workers);                                    // of this thread, wherever the run was started: part of what the weights depend on
        var tokenizer = SentencePieceTokenizer.Open(folder.Tokenizer);
        var config = NanoModel.Config(tokenizer.VocabularySize);
        var prompt = new VicunaPrompt(tokenizer, config.LowercaseQuestions);
        M3Model[] models = [.. Enumerable.Range(0, Math.Min(recipe.Workers, recipe.Batch)).Select(_ => new M3Model(config))];
        foreach (var each in models) each.to(device);
        var model = models[0];                                                    // leads; the others follow it before each step
        var replicas = new Replicas(models.Select(each => new nn.Module[] { each.Projector, each.Language }));
        var (shape, width) = (model.Config.Vision, model.Config.Vision.HiddenSize);
        using var train = FeatureStore.Read(folder.Features(Split.Train), shape.PatchCount, width);
        using var held = FeatureStore.Read(folder.Features(Split.Validation), shape.PatchCount, width);
        using var resident = device.type == DeviceType.CPU ? null : train.LoadAll(device);
        var questions = train.Scenes.AsParallel().AsOrdered().Select(scene => Tokenized(scene, prompt, tokenizer)).ToArray();
        var heldQuestions = held.Scenes.Take(recipe.ValidationPictures).Select(scene => Tokenized(scene, prompt, tokenizer)).ToArray();

        var weights = model.Weights().Where(pair => folder.WeightsOf(pair.Key) == folder.Language).ToArray();
        if (recipe.GoesOn) TrainingFolder.LoadWeights(folder.Language, weights.Select(pair => (pair.Key, (Tensor)pair.Parameter)));
        else DecoderStart.Set(model);
        using var optimizer = optim.AdamW(weights.Select(pair => pair.Parameter), recipe.LearningRate, 0.9, 0.95, 1e-8, recipe.WeightDecay);
        var checkpoint = new TrainingCheckpoint(folder.Stage("language"), [("projector", model.Projector), ("language", model.Language)], optimizer);
        // Sampled coarse sets are patches, and aligned as such.
        var names = new TokenNames(tokenizer, recipe.Pooling == Pooling.Average ? [VisualScale.Of(9), VisualScale.Of(36), VisualScale.Of(144)] : []);
        PictureNames[] named = [.. train.Scenes.AsParallel().AsOrdered().Select(names.Of)];
        Alignment[] alignments = [.. models.Select(each => new Alignment(each, names, recipe.Arithmetic, device))];
        var prefix = prompt.Prefix.ToArray();
        var pools = new PicturePools(train.Scenes, questions);

        var step = checkpoint.Resume();
        using var log = new TrainingLog(folder.Stage("language"), "language", step);
        var guard = new DivergenceGuard();
        var answered = new SortedDictionary<(string Lesson, string Family), (int Right, int Asked)>();    // since the last report
        Phase? lastPhase = null;
        for (; step < recipe.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var random = SeededRandom.For(recipe.Seed, Stream, step);             // what a step sees depends on its number alone
            var aligning = step < recipe.AlignmentSteps;
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = recipe.RateAt(step);

            var phase = Curriculum.At(recipe.Phases, step - recipe.AlignmentSteps, recipe.Steps - recipe.AlignmentSteps).Phase;
            if (phase != lastPhase || step == recipe.AlignmentSteps) guard.Restart();
            lastPhase = phase;
            var lesson = phase.Draw(random);
            var batch = aligning ? null : Disturbed(pools.Draw(lesson, recipe.Batch, recipe.QuestionsPerPicture, random), random);
            var shares = Workers.Share([.. Enumerable.Range(0, recipe.Batch)], replicas.Count);
            var side = aligning ? 1 : step % SideLossEvery == 0 ? SideLossEvery * recipe.SideLoss : 0;
            var aligned = side > 0 ? pools.Any(recipe.Batch, random) : [];        // of every kind, whatever the lesson: what is not seen is forgotten
            optimizer.zero_grad();
            var value = replicas.Step(worker =>
            {
                var mine = shares[worker];
                Tensor? loss = null;
                if (side > 0)
                {
                    int[] pictures = [.. mine.Select(i => aligned[i])];
                    loss = side * alignments[worker].Loss(Features(pictures), [.. pictures.Select(picture => train.Scenes[picture])], [.. pictures.Select(picture => named[picture])]);
                }

                if (batch is not null)
                {
                    var features = Features([.. mine.Select(i => batch.Pictures[i])]);
                    var seen = lesson.FromText ? TextSample.Take(features, [.. mine.Select(i => batch.TextSamples[i])]) : features;
                    var scale = VisualScale.Of(lesson.Tokens);
                    var packed = PackedQuestions.Of([.. mine.Select(i => batch.Questions[i])], prefix, scale, recipe.Arithmetic, device);
                    var answers = PackedForward.LogProbabilities(models[worker], seen, scale, recipe.Pooling, packed);
                    var right = PackedForward.Right(answers, packed);
                    lock (answered)
                    {
                        foreach (var (isRight, question) in right.Zip(packed.Questions)) Count((lesson.Name, question.Family), isRight);
                    }

                    var asking = PackedForward.Loss(answers, packed);
                    loss = loss is null ? asking : loss + asking;
                }

                loss!.backward();                                                 // aligning has a side loss, all else an asking one
                return loss.ToSingle();
            });
            nn.utils.clip_grad_norm_(weights.Select(pair => pair.Parameter), recipe.ClipNorm);
            optimizer.step();
            guard.Check(step, value);

            if ((step + 1) % 50 == 0)
            {
                Dictionary<string, double> values = new() { ["loss"] = value };
                foreach (var lessons in answered.GroupBy(pair => pair.Key.Lesson, pair => pair.Value))
                    values[lessons.Key] = lessons.Sum(count => count.Right) / (double)lessons.Sum(count => count.Asked);
                var families = answered.ToDictionary(pair => $"{pair.Key.Lesson} {pair.Key.Family}", pair => pair.Value.Right / (double)pair.Value.Asked);
                log.Step(step + 1, recipe.Steps, recipe.Batch, values, families);
                answered.Clear();
            }

            if ((step + 1) % recipe.ValidateEvery == 0)
            {
                var report = TeacherForcing.Evaluate(model, prompt, held, heldQuestions, recipe, device);
                log.Validation(step + 1, report.Values, report.Table);
            }

            if ((step + 1) % recipe.SaveEvery == 0) checkpoint.Save(step + 1);
        }

        checkpoint.Save(recipe.Steps);
        TrainingFolder.SaveWeights(folder.Language, weights.Select(pair => (pair.Key, (Tensor)pair.Parameter)));

        DrawnBatch Disturbed(DrawnBatch drawn, SeededRandom random) => recipe.WordNoise == 0 ? drawn : drawn with
        {
            Questions = [.. drawn.Questions.Select(asked => asked.Select(question => question.Source is { } source && random.Chance(recipe.WordNoise)
                ? TokenizedQuestion.Of(source with { Text = WordNoise.Disturb(source, random) }, prompt, tokenizer)
                : question).ToArray())],
        };

        void Count((string, string) what, bool right)
        {
            var (rights, asked) = answered.GetValueOrDefault(what);
            answered[what] = (rights + (right ? 1 : 0), asked + 1);
        }

        Tensor Features(int[] pictures) => resident is null
            ? train.Load(pictures).to(recipe.Arithmetic)
            : resident.index_select(0, tensor([.. pictures.Select(picture => (long)picture)]).to(device)).to(recipe.Arithmetic);
    }

    private const ulong Stream = 80;             // of random numbers; pictures and questions have their own

    /// <summary>The side loss is taken at every fourth step, four times as heavy.</summary>
    private const int SideLossEvery = 4;

    private static TokenizedQuestion[] Tokenized(StoredScene scene, VicunaPrompt prompt, SentencePieceTokenizer tokenizer) =>
        [.. scene.Questions.Select(question => TokenizedQuestion.Of(question, prompt, tokenizer))];
}
