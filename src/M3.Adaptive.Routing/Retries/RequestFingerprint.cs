using System.Security.Cryptography;
using System.Text.Json;
using M3.Adaptive.Routing.Requests;

namespace M3.Adaptive.Routing.Retries;

/// <summary>Tells whether two calls with one request id ask for the same thing.</summary>
internal static class RequestFingerprint
{
    /// <summary>Hash of all that the answer depends on; the same image sent as bytes or by hash counts as the same.</summary>
    public static string Of(GenerateQuery query)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new
        {
            Image = query.Image?.HashOf().Value,
            query.Question,
            Policy = (object?)query.Routing.Policy,                           // by its run-time type
            Kind = query.Routing.Policy?.GetType().Name,
            query.Routing.MinScale,
            query.Routing.MaxScale,
            query.Routing.Caps,
            query.Routing.Escalation,
            query.Routing.AllowExploration,
            query.Decoding,
        });
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
