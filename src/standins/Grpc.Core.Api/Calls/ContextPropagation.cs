namespace Grpc.Core;

/// <summary>What a child call inherits.</summary>
public class ContextPropagationOptions
{
    /// <summary>Everything.</summary>
    public static readonly ContextPropagationOptions Default = new();

    public ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true) =>
        (IsPropagateDeadline, IsPropagateCancellation) = (propagateDeadline, propagateCancellation);

    /// <summary>The parent's deadline.</summary>
    public bool IsPropagateDeadline { get; }

    /// <summary>The parent's cancellation.</summary>
    public bool IsPropagateCancellation { get; }
}

/// <summary>Stands for a parent call.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken() { }
}
