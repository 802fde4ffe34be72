namespace TorchSharp;

/// <summary>This thread's stack of dispose scopes and what happened in them.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? _threadSingleton;

    internal static DisposeScopeManager ThreadSingleton => _threadSingleton ??= new DisposeScopeManager();

    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.StatisticsInstance;

    internal ThreadDisposeScopeStatistics StatisticsInstance { get; } = new();
    internal Stack<DisposeScope> DisposeScopeStack { get; } = new();

    internal static DisposeScope NewDisposeScope()
    {
        var manager = ThreadSingleton;
        var scope = new DisposeScope(manager);
        manager.DisposeScopeStack.Push(scope);
        return scope;
    }

    internal DisposeScope? RegisterOnCurrentDisposeScope(IDisposable disposable)
    {
        if (!DisposeScopeStack.TryPeek(out var current))
        {
            StatisticsInstance.CreatedOutsideScopeCount++;
            return null;
        }
        StatisticsInstance.CreatedInScopeCount++;
        current.Include(disposable);
        return current;
    }

    internal void RemoveDisposeScope(DisposeScope scope)
    {
        if (!DisposeScopeStack.TryPeek(out var top) || top != scope)
            throw new InvalidOperationException("Dispose scopes must be disposed innermost first and on the thread that opened them.");
        DisposeScopeStack.Pop();
    }
}

/// <summary>Counts of one thread's tensors by how they met dispose scopes.</summary>
public class ThreadDisposeScopeStatistics
{
    /// <summary>Made while no scope was open.</summary>
    public long CreatedOutsideScopeCount { get; internal set; }

    /// <summary>Made within a scope.</summary>
    public long CreatedInScopeCount { get; internal set; }

    /// <summary>Disposed by a scope, or by hand while a scope owned them.</summary>
    public long DisposedInScopeCount { get; internal set; }

    /// <summary>Taken out of their scope for good.</summary>
    public long DetachedFromScopeCount { get; internal set; }

    /// <summary>Still owned by a scope.</summary>
    public long ThreadTotalLiveCount => CreatedInScopeCount - DisposedInScopeCount - DetachedFromScopeCount;

    public void Reset()
    {
        CreatedOutsideScopeCount = 0;
        CreatedInScopeCount = 0;
        DisposedInScopeCount = 0;
        DetachedFromScopeCount = 0;
    }
}
