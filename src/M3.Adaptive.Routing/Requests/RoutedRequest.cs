using M3.Adaptive.Core;
using M3.Adaptive.Routing.Decision;

namespace M3.Adaptive.Routing.Requests;

/// <summary>An encoded image and the episode that was started for its question. Owns the image.</summary>
internal sealed record RoutedRequest(EncodedImage Image, Episode Episode) : IDisposable
{
    public void Dispose() => Image.Dispose();
}
