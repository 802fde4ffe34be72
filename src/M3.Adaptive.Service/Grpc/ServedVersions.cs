namespace M3.Adaptive.Service.Grpc;

/// <summary>What serves, as every call's trailers say.</summary>
/// <param name="model">Version of the weights.</param>
/// <param name="predictor">Version of the champion now; null when there is no usable predictor.</param>
internal sealed class ServedVersions(string model, Func<string?> predictor)
{
    public string Model => model;

    public string? Predictor => predictor();
}
