namespace M3.Adaptive.Store;

/// <summary>Stored data cannot be used; the message names file, line, fault and remedy.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
