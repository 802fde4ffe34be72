using M3.Adaptive.Core;
using M3.Adaptive.Routing.Wishes;

namespace M3.Adaptive.Routing.Requests;

/// <summary>The request cannot be served as it is: the message names every offending field.</summary>
public sealed class InvalidRequestException(IReadOnlyList<FieldFault> faults)
    : Exception(string.Join("; ", faults.Select(fault => $"{fault.Field}: {fault.Problem}")))
{
    public IReadOnlyList<FieldFault> Faults { get; } = faults;
}

/// <summary>The features of an image sent earlier have left the cache, or the tenant has never sent it: which of the two is not told.</summary>
public sealed class ImageNotCachedException(ImageHash hash)
    : Exception($"No image with SHA-256 {hash} is cached: send its bytes.")
{
    public ImageHash Hash { get; } = hash;
}

/// <summary>A request id is remembered that was used for other content.</summary>
public sealed class RequestIdReusedException(string id)
    : Exception($"request_id: '{id}' was used with different content; use a new id for a new request.")
{
    public string RequestId { get; } = id;
}
