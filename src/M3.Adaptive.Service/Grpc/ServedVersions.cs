namespace M3.Adaptive.Service.Grpc;

/// <summary>What serves, as every call's trailers say.</summary>
/// <param name="Model">Version of the weights.</param>
/// <param name="Predictor">Version of the predictor; null when there is no usable one.</param>
internal sealed record ServedVersions(string Model, string? Predictor);
