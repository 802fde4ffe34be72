using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Tests.Doubles;

/// <summary>Answers "a b" at every scale unless told otherwise, and counts what is still held.</summary>
internal sealed class FakeGenerator : IGenerator
{
    private int _held;
    private int _running;

    public List<GenerationRequest> Ran { get; } = [];

    public HashSet<ImageHash> Cached { get; } = [];

    public int Held => _held;

    /// <summary>Runs that neither ended nor were given up.</summary>
    public int Running => _running;

    /// <summary>Called with the index of each token when it is made.</summary>
    public Action<int> OnToken { get; set; } = _ => { };

    public Func<GenerationRequest, IReadOnlyList<string>> OnAnswer { get; set; } = _ => ["a", " b"];

    public Func<GenerationRequest, CancellationToken, Task> OnRun { get; set; } = (_, _) => Task.CompletedTask;

    public Func<ReadOnlyMemory<byte>, EncodedImage>? OnEncode { get; set; }

    public ModelIdentity Model { get; } = new("fake", "0123456789abcdef");

    public IReadOnlyList<VisualScale> Ladder { get; set; } = VisualScale.All;

    public ContextRoom ContextRoom { get; set; } = ContextRoom.Unlimited;

    public double EncodeFlops => 5e6;

    public TimeSpan Backlog { get; set; }

    public ValueTask<EncodedImage> EncodeAsync(ReadOnlyMemory<byte> image, CancellationToken cancellation) =>
        ValueTask.FromResult(OnEncode?.Invoke(image) ?? Hold(ImageHash.Of(image.Span), TimeSpan.FromMilliseconds(7)));

    public bool TryGetEncoded(ImageHash hash, [NotNullWhen(true)] out EncodedImage? image)
    {
        image = Cached.Contains(hash) ? Hold(hash, TimeSpan.Zero) : null;
        return image is not null;
    }

    public Cost Estimate(string question, VisualScale scale, int newTokens) => Costs.Of(scale, newTokens);

    public ContextRoom Room(string question) => ContextRoom;

    public async IAsyncEnumerable<TokenEvidence> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        lock (Ran) Ran.Add(request);
        Interlocked.Increment(ref _running);
        try
        {
            await OnRun(request, cancellation);
            var words = OnAnswer(request);
            for (var i = 0; i < words.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                OnToken(i);
                var charged = i == 0 ? Costs.Of(request.Scale, 1) : new Cost(0, 1000, 0.001);
                yield return new TokenEvidence(i, words[i], -0.25f, 2, 0.5f, i == words.Count - 1 ? FinishReason.EndOfSequence : FinishReason.None, charged);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private FakeImage Hold(ImageHash hash, TimeSpan time)
    {
        Interlocked.Increment(ref _held);
        return new FakeImage(hash, time, () => Interlocked.Decrement(ref _held));
    }

    private sealed class FakeImage(ImageHash hash, TimeSpan encodeTime, Action onDispose) : EncodedImage
    {
        public override ImageHash Hash => hash;

        public override ImageEvidence Evidence { get; } = new([0.9f, 0.5f, 0.3f, 0.1f, 0], new float[9], 1);

        public override TimeSpan EncodeTime => encodeTime;

        public override void Dispose() => onDispose();
    }
}
