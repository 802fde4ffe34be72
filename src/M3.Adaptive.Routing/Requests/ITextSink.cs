namespace M3.Adaptive.Routing.Requests;

/// <summary>Gets the text of an answer as it comes.</summary>
public interface ITextSink
{
    /// <param name="text">What the answer goes on with: whole characters, not empty.</param>
    ValueTask WriteAsync(string text, CancellationToken cancellation);
}
