namespace M3.Adaptive.Contracts;

/// <summary>Names of the trailers with which the service ends every call, refused ones and health checks included.</summary>
public static class Trailers
{
    /// <summary>The weights that serve: the model's name, @ and the first digits of the checkpoint's hash.</summary>
    public const string ModelVersion = "m3-model-version";

    /// <summary>The predictor that chooses scales. Absent while there is no usable one.</summary>
    public const string PredictorVersion = "m3-predictor-version";
}
