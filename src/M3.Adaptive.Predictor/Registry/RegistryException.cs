namespace M3.Adaptive.Predictor.Registry;

public enum RegistryFault
{
    /// <summary>There is no such version.</summary>
    NoSuchVersion = 1,

    /// <summary>The version's files are missing, damaged, or for another model.</summary>
    Unusable = 2,

    /// <summary>It failed the gate, or has not been through it.</summary>
    GateNotPassed = 3,

    /// <summary>There is no earlier champion, and no canary.</summary>
    NothingToRollBack = 4,

    /// <summary>What was asked for makes no sense, such as a champion that challenges itself.</summary>
    Invalid = 5,

    /// <summary>The registry's own files cannot be read or written now.</summary>
    Unavailable = 6,
}

/// <summary>A change of the registry was refused; nothing of it was done. The message names fault and remedy.</summary>
public sealed class RegistryException(RegistryFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public RegistryFault Fault { get; } = fault;
}
