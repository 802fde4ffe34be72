namespace M3.Adaptive.Training.DataGeneration;

/// <summary>An icon package or a typeface that pictures need is missing or unusable; the message says how to install it.</summary>
public sealed class DataAssetException(string message, Exception? inner = null) : Exception(message, inner);
