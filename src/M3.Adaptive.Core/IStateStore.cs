namespace M3.Adaptive.Core;

/// <summary>Where run-time state is kept. Safe for concurrent use.</summary>
public interface IStateStore
{
    /// <summary>Returns when something could be kept now; keeps nothing.</summary>
    /// <exception cref="StoreUnavailableException">Nothing can be kept now, as when the disk is full.</exception>
    ValueTask CheckAsync(CancellationToken cancellation);
}
