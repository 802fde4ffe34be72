namespace M3.Adaptive.Store;

/// <summary>The store cannot be used as it is set up, or stored data cannot be read; the message names place, fault and remedy.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
