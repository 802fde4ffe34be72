using M3.Adaptive.Core;

namespace M3.Adaptive.Service.Tests.Doubles;

/// <summary>A state folder that is full when told to be.</summary>
internal sealed class FakeStateStore : IStateStore
{
    public bool IsFull { get; set; }

    public ValueTask CheckAsync(CancellationToken cancellation) =>
        IsFull ? throw new StoreUnavailableException("decisions cannot be kept: No space left on device") : ValueTask.CompletedTask;
}
