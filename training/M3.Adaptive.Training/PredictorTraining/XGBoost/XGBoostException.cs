namespace M3.Adaptive.Training.PredictorTraining.XGBoost;

/// <summary>A call into XGBoost failed; the message is the library's own.</summary>
public sealed class XGBoostException(string message) : Exception(message);
