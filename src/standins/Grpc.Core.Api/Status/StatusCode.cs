namespace Grpc.Core;

/// <summary>The codes a call can end with, numbered as on the wire.</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was cancelled, as a rule by its caller.</summary>
    Cancelled = 1,

    /// <summary>An error about which nothing is known.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the server.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call ended.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>What was to be made exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller, who is known, may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota, a limit or the machine is exhausted.</summary>
    ResourceExhausted = 8,

    /// <summary>The server is not in the state that the call needs; a retry alone does not help.</summary>
    FailedPrecondition = 9,

    /// <summary>The call lost to a concurrent one; retry at a higher level.</summary>
    Aborted = 10,

    /// <summary>The request went past the end of a valid range.</summary>
    OutOfRange = 11,

    /// <summary>The server does not offer this method.</summary>
    Unimplemented = 12,

    /// <summary>An invariant is broken; the fault is the runtime's or the server's.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached now; a retry may succeed.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or corrupt for good.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
