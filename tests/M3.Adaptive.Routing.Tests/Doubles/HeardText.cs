using M3.Adaptive.Routing.Requests;

namespace M3.Adaptive.Routing.Tests.Doubles;

/// <summary>Keeps what it is sent.</summary>
internal sealed class HeardText : ITextSink
{
    public List<string> Parts { get; } = [];

    public Func<string, Task> OnWrite { get; set; } = _ => Task.CompletedTask;

    public async ValueTask WriteAsync(string text, CancellationToken cancellation)
    {
        Parts.Add(text);
        await OnWrite(text);
    }
}
