using M3.Adaptive.Core;

namespace M3.Adaptive.Routing.Requests;

/// <summary>Where the image comes from.</summary>
public abstract record ImageSource
{
    private ImageSource()
    {
    }

    /// <summary>The file as sent with this request.</summary>
    public sealed record Bytes(ReadOnlyMemory<byte> Data) : ImageSource;

    /// <summary>An image sent earlier; 64 lower-case hexadecimal digits.</summary>
    public sealed record Cached(ImageHash Hash) : ImageSource;

    /// <summary>The hash of the image, whichever way it came.</summary>
    public ImageHash HashOf() => this switch
    {
        Bytes bytes => ImageHash.Of(bytes.Data.Span),
        Cached cached => cached.Hash,
        _ => throw new InvalidOperationException("Not a source of images that is known here."),
    };
}
