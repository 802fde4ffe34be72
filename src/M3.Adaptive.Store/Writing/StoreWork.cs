namespace M3.Adaptive.Store.Writing;

/// <summary>One caller's part of a commit.</summary>
internal abstract class StoreWork
{
    /// <summary>
    /// Works of one commit run in this order. Those that lock rows which others lock, too, are ordered by the rows' tenant, so that two processes
    /// never wait for each other.
    /// </summary>
    public string Order { get; init; } = "";

    /// <summary>Whether it is to survive a loss of power; what only matters while this process lives need not.</summary>
    public bool MustOutlastPower { get; init; } = true;

    /// <summary>Runs it within the open transaction.</summary>
    public abstract void Run(StoreSession session);

    /// <summary>Tells the caller that it is durable.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception fault);
}

/// <inheritdoc cref="StoreWork"/>
internal sealed class StoreWork<T>(Func<StoreSession, T> work) : StoreWork
{
    private readonly TaskCompletionSource<T> _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Durable => _durable.Task;

    public override void Run(StoreSession session) => _result = work(session);

    public override void Succeed() => _durable.TrySetResult(_result!);           // Run has set it

    public override void Fail(Exception fault) => _durable.TrySetException(fault);
}
