using M3.Adaptive.Core;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Tokenizer;
using M3.Adaptive.Training.DataGeneration;
using TorchSharp;
using static TorchSharp.torch;

namespace M3.Adaptive.Training.ModelTraining;

/// <summary>Settings of stage 2.</summary>
internal sealed record LanguageRecipe
{
    public int Steps { get; init; } = 12_000;

    /// <summary>Steps that only align projector and embeddings with the patches' names.</summary>
    public int AlignmentSteps { get; init; } = 1200;

    public int Batch { get; init; } = 8;

    public double LearningRate { get; init; } = 2.5e-3;

    public double WeightDecay { get; init; } = 0.05;

    public int WarmUpSteps { get; init; } = 200;

    public double ClipNorm { get; init; } = 1.0;

    /// <summary>Questions of one picture in one sequence.</summary>
    public int QuestionsPerPicture { get; init; } = 6;

    /// <summary>The alignment's weight as a side loss, fading to 0 over the first half.</summary>
    public double SideLoss { get; init; } = 0.2;

    public int ValidateEvery { get; init; } = 600;

    public int ValidationPictures { get; init; } = 48;

    public ulong Seed { get; init; } = 1;

    public Pooling Pooling { get; init; } = Pooling.Average;

    public ScalarType Arithmetic { get; init; } = ScalarType.BFloat16;
}

/// <summary>Stage 2: projector and decoder on cached features, by the mean over the scales of the answers' loss (M3, Eq. 3.2), one scale drawn a step.</summary>
internal sealed class LanguageTraining(TrainingFolder folder, LanguageRecipe recipe, Device device)
{
    public void Run(CancellationToken cancellation)
    {
        torch.manual_seed((long)recipe.Seed);
        using var tokenizer = SentencePieceTokenizer.Open(folder.Tokenizer);
        var prompt = new VicunaPrompt(tokenizer);
        using var model = new M3Model(NanoModel.Config(tokenizer.VocabularySize));
        var (shape, width) = (model.Config.Vision, model.Config.Vision.HiddenSize);
        using var train = FeatureStore.Read(folder.Features(Split.Train), shape.PatchCount, width);
        using var held = FeatureStore.Read(folder.Features(Split.Validation), shape.PatchCount, width);
        var questions = train.Scenes.Select(scene => Tokenized(scene, prompt)).ToArray();
        var heldQuestions = held.Scenes.Take(recipe.ValidationPictures).Select(scene => Tokenized(scene, prompt)).ToArray();

        var weights = model.Weights().Where(pair => !pair.Key.StartsWith("vision_tower.", StringComparison.Ordinal)).ToArray();
        SmallEmbeddings(model);
        model.to(device);
        using var optimizer = optim.AdamW(weights.Select(pair => pair.Parameter), recipe.LearningRate, 0.9, 0.95, 1e-8, recipe.WeightDecay);
        var checkpoint = new TrainingCheckpoint(folder.Stage("language"), [("projector", model.Projector), ("language", model.Language)], optimizer);
        var alignment = new Alignment(model, tokenizer, recipe.Arithmetic);
        var prefix = tensor(prompt.Prefix.ToArray().Select(id => (long)id).ToArray()).unsqueeze(0).to(device);
        var pools = new PicturePools(train.Scenes, questions);

        var step = checkpoint.Resume();
        using var log = new TrainingLog(folder.Stage("language"), "language", step);
        var guard = new DivergenceGuard();
        var (rightCount, askedCount) = (0L, 0L);
        Phase? lastPhase = null;
        for (; step < recipe.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var random = new Random((int)((recipe.Seed * 1_000_003 + (ulong)step) & int.MaxValue));   // what a step sees depends on its number alone
            var aligning = step < recipe.AlignmentSteps;
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = Schedule.Rate(step, recipe.Steps, recipe.WarmUpSteps, recipe.LearningRate);

            var phase = Curriculum.At(step - recipe.AlignmentSteps, recipe.Steps - recipe.AlignmentSteps);
            if (phase != lastPhase || step == recipe.AlignmentSteps) guard.Restart();
            lastPhase = phase;
            var asked = random.NextDouble() < phase.Crops ? Curriculum.Reading : phase;
            var scale = aligning ? VisualScale.Finest : Curriculum.Draw(asked, random);
            var batch = aligning ? pools.Any(recipe.Batch, random) : pools.Draw(asked, scale, recipe.Batch, recipe.QuestionsPerPicture, random);
            var features = train.Load(batch.Pictures).to(device).to(recipe.Arithmetic);
            optimizer.zero_grad();

            Tensor loss;
            if (aligning)
            {
                loss = alignment.Loss(features, [.. batch.Pictures.Select(i => train.Scenes[i])]);
            }
            else
            {
                var seen = asked == Curriculum.Reading ? Crop.Take(features, batch.Crops) : features;
                var packed = PackedQuestions.Of(batch.Questions, prompt.Prefix.Length, scale, recipe.Arithmetic);
                var log2 = PackedForward.LogProbabilities(model, prefix, seen, scale, recipe.Pooling, packed);
                loss = PackedForward.Loss(log2, packed);
                var right = PackedForward.Right(log2, packed);
                rightCount += right.Count(r => r);
                askedCount += right.Length;
                var side = recipe.SideLoss * Math.Max(0, 1 - 2.0 * step / recipe.Steps);
                if (side > 0 && asked == phase && step % 4 == 0) loss = loss + 4 * side * alignment.Loss(features, [.. batch.Pictures.Select(i => train.Scenes[i])]);
            }

            loss.backward();
            nn.utils.clip_grad_norm_(weights.Select(pair => pair.Parameter), recipe.ClipNorm);
            optimizer.step();
            var value = loss.ToSingle();
            guard.Check(step, value);

            if ((step + 1) % 50 == 0)
            {
                log.Step(step + 1, recipe.Steps, recipe.Batch, new Dictionary<string, double>
                {
                    ["loss"] = value,
                    [aligning ? "alignment" : phase.Name] = askedCount == 0 ? 0 : rightCount / (double)askedCount,
                });
                (rightCount, askedCount) = (0, 0);
            }

            if ((step + 1) % recipe.ValidateEvery == 0)
            {
                var report = TeacherForcing.Evaluate(model, prompt, held, heldQuestions, recipe, device);
                log.Validation(step + 1, report.Values, report.Table);
                checkpoint.Save(step + 1);
            }
        }

        checkpoint.Save(recipe.Steps);
        TrainingFolder.SaveWeights(folder.Language, weights.Select(pair => (pair.Key, (Tensor)pair.Parameter)));
    }

    private static TokenizedQuestion[] Tokenized(StoredScene scene, VicunaPrompt prompt) => [.. scene.Questions.Select(question => TokenizedQuestion.Of(question, prompt))];

    /// <summary>Tied embeddings begin small: rows of unit length would saturate the head.</summary>
    private static void SmallEmbeddings(M3Model model)
    {
        using var frozen = no_grad();
        model.Weights().Single(pair => pair.Key == "embed_tokens.weight").Parameter.mul_(0.05);
    }
}
