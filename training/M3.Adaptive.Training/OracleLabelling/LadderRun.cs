using System.Security.Cryptography;
using System.Text;
using M3.Adaptive.CommandLine;
using M3.Adaptive.Core;
using M3.Adaptive.Inference;
using M3.Adaptive.Inference.Engine;
using M3.Adaptive.Predictor.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace M3.Adaptive.Training.OracleLabelling;

/// <summary>
/// One encode, five scales, all questions of an image behind the same visual tokens: the run behind labels and evaluation, by the very
/// generator that serves. Finished images are kept in a journal, so that an interrupted run goes on.
/// </summary>
internal sealed class LadderRun : IDisposable
{
    /// <summary>What an interruption leaves, for the user.</summary>
    public const string WhenInterrupted = "the same command goes on from what is answered";

    /// <summary>Where the commands keep journals.</summary>
    public static string Journals { get; } = Path.Combine(StateFolder.Path, "labelling");

    private static readonly DecodingOptions Greedy = new() { MaxNewTokens = 32 };

    private const int ImagesAtOnce = 4, MostAnswers = 64;                         // enough for full passes; one image is unpacked while others are answered

    private readonly M3Generator _generator;
    private readonly QuestionSet _set;
    private readonly LabelJournal _journal;
    private readonly Lock _lock = new();

    private LadderRun(M3Generator generator, QuestionSet set, LabelJournal journal) => (_generator, _set, _journal) = (generator, set, journal);

    /// <param name="model">A checkpoint folder.</param>
    /// <param name="set">What is asked.</param>
    /// <param name="split">Name of the table.</param>
    /// <param name="journals">Folder of the journals.</param>
    /// <exception cref="CommandException">No journal can be kept there.</exception>
    public static LadderRun Open(string model, QuestionSet set, string split, string journals)
    {
        OutputFolder.RequireWritable(journals, "set M3_STATE to another folder");
        // Nobody is kept waiting for a next token: steps as long as serve throughput best.
        var options = new InferenceOptions { ModelDirectory = model, MaxWaiting = 65_536, MaxRunning = MostAnswers, MaxStall = TimeSpan.FromMilliseconds(100) };
        var generator = M3Generator.Open(options, TimeProvider.System, NullLogger<M3Generator>.Instance);
        var identity = generator.Model;
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{split} {identity.Hash} {set.ComputeHash()}")))[..16];
        var journal = LabelJournal.Open(Path.Combine(journals, $"{name}.jsonl"), new LabelHeader(split, identity));
        return new LadderRun(generator, set, journal);
    }

    /// <summary>Answers every question at every scale; progress goes to standard error.</summary>
    /// <exception cref="CommandException">A question leaves no room for 576 visual tokens; it is named before anything is answered.</exception>
    public async Task<LabelTable> RunAsync(CancellationToken cancellation)
    {
        RefuseTooLong();
        var progress = new LadderProgress(_set.Questions.Count, _journal.Items);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ImagesAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(_set.ByImage().Where(group => !_journal.Holds(group.Key)).ToArray(), options, async (group, cancelled) =>
        {
            var (features, items) = await AnswerAsync(group, cancelled).ConfigureAwait(false);
            lock (_lock)
            {
                _journal.Add(group.Key, features, items);
                progress.Report(_journal.Items);
            }
        }).ConfigureAwait(false);
        return _journal.ToTable(_set.Questions.Select(question => question.Id));
    }

    /// <summary>The table is kept elsewhere: the journal goes.</summary>
    public void Finish() => _journal.Delete();

    public void Dispose()
    {
        _journal.Dispose();
        _generator.Dispose();
    }

    // A label without an answer at every scale would say nothing about the ladder.
    private void RefuseTooLong()
    {
        foreach (var question in _set.Questions)
        {
            var room = _generator.Room(question.Text);
            if (room.Fits(VisualScale.Finest)) continue;
            throw new CommandException(
                $"question_id {question.Id} of {_set.Folder} is too long: with {VisualScale.Finest} visual tokens it takes {room.Needed(VisualScale.Finest)} "
                + $"of the model's {room.Context} positions; shorten it, or leave it out");
        }
    }

    private async Task<(float[] Features, List<LabelItem> Items)> AnswerAsync(IGrouping<string, Question> group, CancellationToken cancellation)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(_set.Folder, group.Key), cancellation).ConfigureAwait(false);
        using var image = await EncodeAsync(bytes, group.Key, cancellation).ConfigureAwait(false);
        var questions = group.ToArray();
        var outcomes = questions.Select(_ => new List<ScaleOutcome>()).ToArray();
        var ladder = await _generator.AnswerAllAsync(image, [.. questions.Select(question => question.Text)], VisualScale.All, Greedy, cancellation).ConfigureAwait(false);
        foreach (var answers in ladder)
        {
            foreach (var (outcome, (question, tokens)) in outcomes.Zip(questions.Zip(answers))) outcome.Add(Outcome(question, tokens));
        }

        var items = questions.Zip(outcomes, (question, outcome) => new LabelItem(question.Id, question.Image, question.Text, question.Category ?? "", outcome));
        return (PredictorFeatures.OfImage(image.Evidence), [.. items]);
    }

    private async Task<EncodedImage> EncodeAsync(byte[] bytes, string image, CancellationToken cancellation)
    {
        try
        {
            return await _generator.EncodeAsync(bytes, cancellation).ConfigureAwait(false);
        }
        catch (InvalidImageException exception)
        {
            throw new InvalidDataException($"{image}: {exception.Message}", exception);
        }
    }

    private static ScaleOutcome Outcome(Question question, IReadOnlyList<TokenEvidence> tokens)
    {
        var text = string.Concat(tokens.Select(token => token.Text)).Trim();
        return new ScaleOutcome(question.IsAnsweredBy(text), text, Cost.Sum(tokens.Select(token => token.Charged)), AnswerEvidence.Of(tokens));
    }
}
