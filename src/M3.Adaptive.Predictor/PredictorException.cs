namespace M3.Adaptive.Predictor;

/// <summary>A predictor or its labels cannot be used; the message names file, fault and remedy.</summary>
public sealed class PredictorException(string message, Exception? inner = null) : Exception(message, inner);
