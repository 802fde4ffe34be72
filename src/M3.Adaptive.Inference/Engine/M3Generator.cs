using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Arithmetic;
using M3.Adaptive.Inference.Scheduling;
using M3.Adaptive.Inference.VisionCache;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Costs;
using M3.Adaptive.Model.Network;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Inference.Engine;

/// <summary>
/// A model ready to answer: many answers at a time, of any scales. An image is encoded once and cached for all scales; keys and values
/// of the text before the image are computed once for all requests.
/// </summary>
public sealed class M3Generator : IGenerator, IDisposable
{
    private const int PicturesTogether = 4;                                       // two gain most of what there is, more take longer than a step

    private readonly LoadedModel _loaded;
    private readonly InferenceOptions _options;
    private readonly FeatureCache _images;
    private readonly Admission _admission;
    private readonly EngineLoop _engine;
    private readonly Encodings _encodings;
    private readonly AnswerRules _rules;
    private readonly long _kvBytesPerPosition;
    private Spelt? _lastSpelt;

    /// <summary>Makes a model ready to answer: measures the machine, computes the common prefix and runs first passes.</summary>
    /// <param name="loaded">The generator's from here on, disposed with it; its weights in a type that <see cref="InferenceOptions.Weights"/> allows.</param>
    /// <param name="options">Limits; the model's folder is not read again.</param>
    /// <param name="time">Clock of the charged seconds.</param>
    /// <param name="logger">Told when the model is ready.</param>
    /// <param name="metrics">Told what the engine does; null: nobody is.</param>
    public M3Generator(LoadedModel loaded, InferenceOptions options, TimeProvider time, ILogger<M3Generator> logger, InferenceMetrics? metrics = null)
        : this(loaded, options, time, logger, metrics, () => ArithmeticChoice.Make(loaded.Model, options.Weights, options.Threads, time))
    {
    }

    /// <param name="makeArithmetic">Called on the thread that will own the model.</param>
    internal M3Generator(
        LoadedModel loaded, InferenceOptions options, TimeProvider time, ILogger<M3Generator> logger, InferenceMetrics? metrics, Func<IArithmetic> makeArithmetic)
    {
        (_loaded, _options) = (loaded, options);
        EncodeFlops = VisionCost.EncodeFlops(loaded.Config);
        Ladder = [.. VisualScale.All.Where(scale => loaded.Config.Scales.Contains(scale.Tokens))];
        var language = loaded.Config.Language;
        _rules = new AnswerRules(
            loaded.Prompt.Prefix.Length, Math.Min(loaded.Config.MaxLength, language.MaxPositions), loaded.Config.EosTokenId,
            TokenPooling.Parse(loaded.Config.Pooling), loaded.Tokenizer, new LanguageCost(language), time)
        { Metrics = metrics };
        _images = new FeatureCache(options.VisionCacheBytes, options.VisionCacheImages);
        _admission = new Admission(new AdmissionLimits(options.MaxWaiting, options.WaitingPictureBytes, options.KvCacheBytes));
        try
        {
            var model = new EngineModel(makeArithmetic, loaded.Prompt.Prefix, _rules.Context, loaded.Config.Vision.ImageSize, options.Threads);
            var limits = new StepLimits(options.MaxStall, options.MaxRunning, options.PictureKvBytes, options.Weights == WeightChoice.Plain ? 1 : PicturesTogether);
            _engine = new EngineLoop(model, limits, _admission, time, metrics);
        }
        catch
        {
            _images.Dispose();
            loaded.Dispose();                                                     // the weights may be broken: nobody else would free them
            throw;
        }

        _kvBytesPerPosition = _engine.KvBytesPerPosition;
        _encodings = new Encodings(loaded, _engine, _admission, _images, Math.Max(1, options.Threads / 2), time, metrics);
        metrics?.Watch(() => _admission.Waiting, () => _engine.Running, () => KvBytesHeld, () => _engine.PictureBytes);
        InferenceLog.Ready(logger, Model.Version, options.Threads, _engine.Description);
    }

    /// <summary>Loads the folder that the options name, weights as they wish, and makes it ready.</summary>
    /// <exception cref="Model.Checkpoint.CheckpointException">Something is missing, malformed or does not fit.</exception>
    public static M3Generator Open(InferenceOptions options, TimeProvider time, ILogger<M3Generator> logger, InferenceMetrics? metrics = null) =>
        new(LoadedModel.Open(options.ModelDirectory, ArithmeticChoice.Storage(options.Weights)), options, time, logger, metrics);

    public ModelIdentity Model => _loaded.Identity;

    public IReadOnlyList<VisualScale> Ladder { get; }

    public double EncodeFlops { get; }

    /// <summary>Bytes of keys and values that running answers hold.</summary>
    public long KvBytesHeld => _options.KvCacheBytes - _admission.FreeKvBytes;

    public async ValueTask<EncodedImage> EncodeAsync(ReadOnlyMemory<byte> image, CancellationToken cancellation) =>
        await _encodings.EncodeAsync(ImageHash.Of(image.Span), image, cancellation).ConfigureAwait(false);

    public bool TryGetEncoded(ImageHash hash, [NotNullWhen(true)] out EncodedImage? image)
    {
        image = _images.TryHold(hash, out var features) ? new HeldImage(features, _images, TimeSpan.Zero) : null;
        return image is not null;
    }

    public Cost Estimate(string question, VisualScale scale, int newTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(newTokens, 1);
        var text = Suffix(question).Length;
        var work = _rules.Cost.Answer(scale, _rules.PrefixLength + text, newTokens, _rules.PrefixLength);
        return new Cost(scale.Tokens, work.Flops, _engine.Cost.Answer(_rules.PrefixLength, scale.Tokens + text, newTokens));
    }

    public ContextRoom Room(string question) => new(_rules.PrefixLength + Suffix(question).Length, _rules.Context);

    public TimeSpan Backlog => _admission.Backlog;

    public IAsyncEnumerable<TokenEvidence> GenerateAsync(GenerationRequest request, CancellationToken cancellation) => RunAsync(request, null, cancellation);

    /// <summary>
    /// Answers several questions about one image at several scales, as <see cref="GenerateAsync"/> answers each, and charges each as if it had been alone:
    /// one encode, the picture's keys and values once a scale, prompts and tokens of all answers in common passes.
    /// </summary>
    /// <returns>For each scale the tokens of each question's answer, in the order given.</returns>
    /// <exception cref="ContextLengthException">A prompt and its visual tokens do not fit the model's context; nothing was answered.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<IReadOnlyList<TokenEvidence>>>> AnswerAllAsync(
        EncodedImage image, IReadOnlyList<string> questions, IReadOnlyList<VisualScale> scales, DecodingOptions decoding, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(questions);
        ArgumentNullException.ThrowIfNull(scales);
        CheckDecoding(decoding);
        foreach (var scale in scales)
        {
            foreach (var question in questions) RequireRoom(scale, Suffix(question).Length);
        }

        return await TogetherAsync(
            scales.Count, questions.Count, (scale, question, cancelled) => RunAsync(new(image, questions[question], scales[scale], decoding), null, cancelled), cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// How likely given answers to a question are at every scale of the ladder: what <see cref="GenerateAsync"/> would report of them had it chosen their
    /// tokens, end of sequence included. One encode, the picture's keys and values once a scale, all answers in common passes.
    /// </summary>
    /// <param name="answers">Spelt as the model would spell them; an empty one is the end of sequence alone.</param>
    /// <returns>For each scale, coarsest first, a score for each answer in the order given.</returns>
    /// <exception cref="ContextLengthException">A prompt, its visual tokens and an answer do not fit the model's context; nothing was computed.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<AnswerScore>>> ScoreAllScalesAsync(
        EncodedImage image, string question, IReadOnlyList<string> answers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(answers);
        int[][] given = [.. answers.Select(_loaded.Prompt.Answer)];
        foreach (var answer in given) RequireRoom(Ladder[^1], Suffix(question).Length, answer.Length);
        var evidence = await TogetherAsync(
            Ladder.Count, given.Length, (scale, answer, cancelled) => RunAsync(new(image, question, Ladder[scale], DecodingOptions.Greedy), given[answer], cancelled), cancellation)
            .ConfigureAwait(false);
        return [.. evidence.Select(static scale => scale.Select(static tokens => new AnswerScore(tokens.Sum(static token => (double)token.LogProbability), tokens.Count)).ToArray())];
    }

    /// <summary>Checks, between two steps, that all that is neither cached nor held by a call has been freed.</summary>
    /// <exception cref="InvalidOperationException">The books do not balance.</exception>
    public async Task CheckIntegrityAsync(CancellationToken cancellation)
    {
        await _engine.CheckIntegrityAsync().WaitAsync(cancellation).ConfigureAwait(false);
        _images.CheckIntegrity();
    }

    /// <summary>Stops running answers within one step and frees the model. Images still held are freed by their holders.</summary>
    public void Dispose()
    {
        _engine.Dispose();
        _encodings.Dispose();
        _images.Dispose();
        _loaded.Dispose();
    }

    /// <param name="given">The answer's tokens, where they are given and not chosen.</param>
    private async IAsyncEnumerable<TokenEvidence> RunAsync(GenerationRequest request, int[]? given, [EnumeratorCancellation] CancellationToken cancellation)
    {
        CheckDecoding(request.Decoding);
        var suffix = Suffix(request.Question);
        cancellation.ThrowIfCancellationRequested();
        RequireRoom(request.Scale, suffix.Length, given?.Length ?? 1);
        var call = Admit(request, suffix, given);
        using var span = new AnswerSpans(request.Scale);
        using var cancelling = cancellation.UnsafeRegister(static call => ((AnswerCall)call!).Cancel(), call);
        try
        {
            _engine.Post(call);
            await foreach (var token in call.Tokens.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                span.Token();
                yield return token;
            }
        }
        finally
        {
            call.Cancel();                                                        // whoever leaves early frees the memory within one step
        }
    }

    /// <summary>Runs an answer for each pair of a row and a column, as many at a time as the engine runs.</summary>
    /// <returns>For each row the tokens of each column's answer.</returns>
    private async Task<IReadOnlyList<TokenEvidence>[][]> TogetherAsync(
        int rows, int columns, Func<int, int, CancellationToken, IAsyncEnumerable<TokenEvidence>> run, CancellationToken cancellation)
    {
        var answers = Enumerable.Range(0, rows).Select(_ => new IReadOnlyList<TokenEvidence>[columns]).ToArray();
        var together = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(_options.MaxRunning, _options.MaxWaiting), CancellationToken = cancellation };
        await Parallel.ForAsync(0, rows * columns, together, async (i, cancelled) =>
        {
            var (row, column) = Math.DivRem(i, columns);
            var tokens = new List<TokenEvidence>();
            await foreach (var token in run(row, column, cancelled).ConfigureAwait(false)) tokens.Add(token);
            answers[row][column] = tokens;
        }).ConfigureAwait(false);
        return answers;
    }

    private AnswerCall Admit(GenerationRequest request, int[] suffix, int[]? given)
    {
        var image = Own(request.Image).HoldAgain();
        try
        {
            var answer = new AnswerRequest(image, request.Scale, suffix, request.Decoding, given);
            var ticket = _admission.Enter(
                _engine.Cost.Answer(_rules.PrefixLength, request.Scale.Tokens + suffix.Length, answer.NewTokens),
                kvBytes: _kvBytesPerPosition * _rules.Capacity(request.Scale, suffix.Length, answer.NewTokens));
            return new AnswerCall(_admission, ticket, answer, _rules);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private void RequireRoom(VisualScale scale, int suffix, int newTokens = 1)
    {
        if (_rules.PrefixLength + scale.Tokens + suffix + newTokens is var needed && needed > _rules.Context)
            throw new ContextLengthException(needed, _rules.Context);
    }

    // A request asks what its question costs at every scale, one after another: it is spelt once.
    private int[] Suffix(string question)
    {
        if (Volatile.Read(ref _lastSpelt) is { } last && last.Question == question) return last.Ids;
        var ids = _loaded.Prompt.Suffix(question);
        Volatile.Write(ref _lastSpelt, new Spelt(question, ids));
        return ids;
    }

    private HeldImage Own(EncodedImage image) => image is HeldImage held && held.BelongsTo(_images)
        ? held
        : throw new ArgumentException("The image was encoded by another generator.", nameof(image));

    private static void CheckDecoding(DecodingOptions decoding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(decoding.MaxNewTokens, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decoding.MaxNewTokens, 1024);
        if (!(decoding.Temperature is >= 0 and <= 2))
            throw new ArgumentOutOfRangeException(nameof(decoding), decoding.Temperature, "The temperature is 0 to 2.");
        if (!(decoding.TopP is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(decoding), decoding.TopP, "Top-p is above 0, up to 1.");
        if (decoding.Stop.Contains(""))
            throw new ArgumentException("A stop text is empty: expected at least one character.", nameof(decoding));
    }

    /// <param name="Ids">Of what follows the picture; nobody changes them.</param>
    private sealed record Spelt(string Question, int[] Ids);
}
