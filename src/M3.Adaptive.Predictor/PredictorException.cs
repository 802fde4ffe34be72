namespace M3.Adaptive.Predictor;

/// <summary>A predictor, or the labels to train or judge one, cannot be used. The message names the file, what is wrong with it and the remedy.</summary>
public sealed class PredictorException(string message, Exception? inner = null) : Exception(message, inner);
