using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.VisionCache;
using M3.Adaptive.Model;
using M3.Adaptive.Model.Costs;
using M3.Adaptive.Model.Network;
using Microsoft.Extensions.Logging;

namespace M3.Adaptive.Inference.Engine;

/// <summary>
/// The plain engine: one model thread, one answer at a time. An image is encoded once and cached for all scales; keys and values
/// of the text before the image are computed once for all requests.
/// </summary>
public sealed class M3Generator : IGenerator, IDisposable
{
    private readonly LoadedModel _loaded;
    private readonly InferenceOptions _options;
    private readonly TimeProvider _time;
    private readonly ModelRunner _runner;
    private readonly ModelThread _thread;
    private readonly FeatureCache _images;
    private readonly KvCache _prefix;
    private readonly LanguageCost _cost;
    private readonly Pooling _pooling;

    /// <summary>Makes a model ready to answer: computes the common prefix and runs a first answer.</summary>
    /// <param name="loaded">The generator's from here on, disposed with it.</param>
    /// <param name="options">Limits; the model's folder is not read again.</param>
    /// <param name="time">Clock of the charged seconds.</param>
    /// <param name="logger">Told when the model is ready.</param>
    public M3Generator(LoadedModel loaded, InferenceOptions options, TimeProvider time, ILogger<M3Generator> logger)
    {
        (_loaded, _options, _time) = (loaded, options, time);
        EncodeFlops = VisionCost.EncodeFlops(loaded.Config);
        _cost = new LanguageCost(loaded.Config.Language);
        _pooling = TokenPooling.Parse(loaded.Config.Pooling);
        Ladder = [.. VisualScale.All.Where(scale => loaded.Config.Scales.Contains(scale.Tokens))];
        _images = new FeatureCache(options.VisionCacheBytes, options.VisionCacheImages);
        _runner = new ModelRunner(loaded, time);
        _thread = new ModelThread(options.Threads, options.MaxWaiting);
        try
        {
            _prefix = _thread.Invoke(() => _runner.Begin(loaded.Prompt.Prefix.Span));
            _thread.Invoke(() => _runner.WarmUp(_prefix));
            InferenceLog.Ready(logger, Model.Version, options.Threads);
        }
        catch
        {
            Dispose();                                                            // the weights may be broken: nobody else would end the thread
            throw;
        }
    }

    public ModelIdentity Model => _loaded.Identity;

    public IReadOnlyList<VisualScale> Ladder { get; }

    public double EncodeFlops { get; }

    public async ValueTask<EncodedImage> EncodeAsync(ReadOnlyMemory<byte> image, CancellationToken cancellation)
    {
        var hash = ImageHash.Of(image.Span);
        if (TryGetEncoded(hash, out var known)) return known;
        return await Invoke(() => Encode(hash, image.Span, cancellation), cancellation).ConfigureAwait(false);
    }

    public bool TryGetEncoded(ImageHash hash, [NotNullWhen(true)] out EncodedImage? image)
    {
        image = _images.TryHold(hash, out var features) ? new HeldImage(features, _images, TimeSpan.Zero) : null;
        return image is not null;
    }

    public Cost Estimate(string question, VisualScale scale, int newTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(newTokens, 1);
        var work = _cost.Answer(scale, TextLength(question), newTokens, _prefix.Length);
        return new Cost(scale.Tokens, work.Flops, _runner.Speed.Seconds(work));
    }

    public ContextRoom Room(string question) => new(TextLength(question), _runner.Context);

    public async IAsyncEnumerable<TokenEvidence> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        CheckDecoding(request.Decoding);
        var suffix = _loaded.Prompt.Suffix(request.Question);
        var tokens = Channel.CreateUnbounded<TokenEvidence>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _thread.Stopping);
        var stop = leaving.Token;
        var image = Own(request.Image).HoldAgain();
        Task run;
        try
        {
            run = Invoke(() => Answer(image, suffix, request, tokens.Writer, stop), stop);
        }
        catch
        {
            image.Dispose();                                                      // no call was queued that would do it
            throw;
        }

        _ = run.ContinueWith(
            _ =>
            {
                image.Dispose();
                tokens.Writer.Complete();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (var token in tokens.Reader.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return token;
            await run.ConfigureAwait(false);
        }
        finally
        {
            await leaving.CancelAsync().ConfigureAwait(false);                    // whoever leaves early stops the model within one step
        }
    }

    /// <summary>
    /// Answers several questions about one image at one scale, as <see cref="GenerateAsync"/> answers each, but for rounding: keys and values of
    /// the image are computed once. Each answer is charged as if it had been alone.
    /// </summary>
    /// <returns>The tokens of each answer, in the order of the questions.</returns>
    /// <exception cref="ContextLengthException">A prompt and its visual tokens do not fit the model's context.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<TokenEvidence>>> AnswerAllAsync(
        EncodedImage image, IReadOnlyList<string> questions, VisualScale scale, DecodingOptions decoding, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(questions);
        CheckDecoding(decoding);
        int[][] suffixes = [.. questions.Select(question => _loaded.Prompt.Suffix(question))];
        using var held = Own(image).HoldAgain();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _thread.Stopping);
        return await Invoke(() => AnswerAll(held, suffixes, scale, decoding, leaving.Token), leaving.Token).ConfigureAwait(false);
    }

    /// <summary>Waits until the calls queued so far have ended, then checks that everything not cached has been freed.</summary>
    /// <exception cref="InvalidOperationException">The books of a cache do not balance.</exception>
    public Task CheckIntegrityAsync(CancellationToken cancellation) => Invoke(
        () =>
        {
            _images.CheckIntegrity();
            return true;
        },
        cancellation);

    /// <summary>Stops the running answer within one step and frees the model. Images still held are freed by their holders.</summary>
    public void Dispose()
    {
        _thread.Dispose();
        _images.Dispose();
        _prefix?.Dispose();                                                       // null when the constructor failed before it
        _loaded.Dispose();
    }

    // Decodes on the model thread too, though it needs no tensors: one picture at a time is unpacked, and those that wait hold their files only.
    private HeldImage Encode(ImageHash hash, ReadOnlySpan<byte> image, CancellationToken cancellation)
    {
        if (_images.TryHold(hash, out var known)) return new HeldImage(known, _images, TimeSpan.Zero);   // another request was quicker
        var start = _time.GetTimestamp();
        var pixels = _loaded.ReadPixels(image);
        cancellation.ThrowIfCancellationRequested();
        var projected = _runner.Encode(pixels);
        var features = new ImageFeatures(hash, projected, PoolingEvidence.Of(projected));
        _images.Add(features);
        return new HeldImage(features, _images, _time.GetElapsedTime(start));
    }

    private bool Answer(
        HeldImage image, int[] suffix, GenerationRequest request, ChannelWriter<TokenEvidence> tokens, CancellationToken stop)
    {
        var prompt = ImagePrompt(image, request.Scale) with { Suffix = suffix };
        foreach (var token in _runner.Answer(prompt, request.Decoding))
        {
            stop.ThrowIfCancellationRequested();
            tokens.TryWrite(token);
        }

        return true;
    }

    private List<IReadOnlyList<TokenEvidence>> AnswerAll(HeldImage image, int[][] suffixes, VisualScale scale, DecodingOptions decoding, CancellationToken stop)
    {
        var started = _runner.BeginImage(ImagePrompt(image, scale));
        using var shared = started.Start;
        var answers = new List<IReadOnlyList<TokenEvidence>>();
        foreach (var suffix in suffixes)
        {
            var tokens = new List<TokenEvidence>();
            foreach (var token in _runner.Answer(started with { Suffix = suffix }, decoding))
            {
                stop.ThrowIfCancellationRequested();
                tokens.Add(token);
            }

            answers.Add(tokens);
        }

        return answers;
    }

    private int TextLength(string question) => _prefix.Length + _loaded.Prompt.Suffix(question).Length;

    private Prompt ImagePrompt(HeldImage image, VisualScale scale) =>
        new() { Start = _prefix, Projected = image.Features.Projected, Scale = scale, Pooling = _pooling, Suffix = [] };

    private Task<T> Invoke<T>(Func<T> call, CancellationToken cancellation) =>
        _thread.TryInvoke(call, cancellation, out var result) ? result : throw new OverloadedException(_options.MaxWaiting);

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
    }
}
