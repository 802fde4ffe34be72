using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using M3.Adaptive.Core;
using M3.Adaptive.Inference.Engine;

namespace M3.Adaptive.Benchmarks.Service;

/// <summary>
/// A model that answers at once: what it was asked before, with the very evidence and tokens that it gave then, so that it is routed as in earnest. What
/// is asked for the first time is really computed.
/// </summary>
internal sealed class RecordedGenerator(M3Generator model) : IGenerator
{
    private readonly ConcurrentDictionary<ImageHash, EncodedImage> _images = [];
    private readonly ConcurrentDictionary<(ImageHash, string, VisualScale), IReadOnlyList<TokenEvidence>> _answers = [];

    public ModelIdentity Model => model.Model;

    public IReadOnlyList<VisualScale> Ladder => model.Ladder;

    public double EncodeFlops => model.EncodeFlops;

    public TimeSpan Backlog => model.Backlog;

    public Cost Estimate(string question, VisualScale scale, int newTokens) => model.Estimate(question, scale, newTokens);

    public ContextRoom Room(string question) => model.Room(question);

    public async ValueTask<EncodedImage> EncodeAsync(ReadOnlyMemory<byte> image, CancellationToken cancellation)
    {
        if (TryGetEncoded(ImageHash.Of(image.Span), out var known)) return known;
        var encoded = await model.EncodeAsync(image, cancellation);
        return new Recording(_images.GetOrAdd(encoded.Hash, encoded));
    }

    public bool TryGetEncoded(ImageHash hash, [NotNullWhen(true)] out EncodedImage? image)
    {
        image = _images.TryGetValue(hash, out var encoded) ? new Recording(encoded) : null;
        return image is not null;
    }

    public async IAsyncEnumerable<TokenEvidence> GenerateAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var asked = (request.Image.Hash, request.Question, request.Scale);
        if (!_answers.TryGetValue(asked, out var answer))
        {
            List<TokenEvidence> tokens = [];
            await foreach (var token in model.GenerateAsync(request with { Image = _images[request.Image.Hash] }, cancellation)) tokens.Add(token);
            answer = _answers[asked] = tokens;
        }

        foreach (var token in answer) yield return token;
    }

    // The recording is kept, whoever disposes of what it was lent as.
    private sealed class Recording(EncodedImage image) : EncodedImage
    {
        public override ImageHash Hash => image.Hash;

        public override ImageEvidence Evidence => image.Evidence;

        public override TimeSpan EncodeTime => TimeSpan.Zero;

        public override void Dispose()
        {
        }
    }
}
