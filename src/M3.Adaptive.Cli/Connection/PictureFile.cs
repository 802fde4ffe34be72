using Google.Protobuf;

namespace M3.Adaptive.Cli.Connection;

/// <summary>Reads a picture to send. What is in it is the service's to judge.</summary>
internal static class PictureFile
{
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static async Task<ByteString> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return UnsafeByteOperations.UnsafeWrap(await File.ReadAllBytesAsync(path, cancellation));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException(Directory.Exists(path)
                ? $"{path} is a folder: name a JPEG, PNG or WebP file"
                : $"the picture cannot be read: {exception.Message}");
        }
    }
}
