using Google.Protobuf;

namespace M3.Adaptive.Cli.Connection;

/// <summary>Reads a picture to send. What is in it is the service's to judge.</summary>
internal static class PictureFile
{
    // No service takes more: Server:MaxRequestBytes ends here.
    private const int MaxBytes = 1 << 30;

    private const int MaxShown = 200;

    /// <exception cref="CommandException">The file cannot be read, holds nothing or is larger than any service takes.</exception>
    public static async Task<ByteString> ReadAsync(string path, CancellationToken cancellation)
    {
        if (path.Contains("://", StringComparison.Ordinal) || path.StartsWith("data:", StringComparison.Ordinal))
            throw new CommandException($"{Shortened(path)} is a URL, and URLs are not fetched: download the picture and name the file");
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
            return UnsafeByteOperations.UnsafeWrap(await ReadAsync(file, path, cancellation));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException(exception switch
            {
                _ when Directory.Exists(path) => $"{path} is a folder: name a JPEG, PNG or WebP file",
                FileNotFoundException or DirectoryNotFoundException => $"there is no file {Shortened(path)}: name a JPEG, PNG or WebP file",
                _ => $"the picture cannot be read: {exception.Message}",
            });
        }
    }

    // A pipe has no length: it is read until it ends. A device such as /dev/zero has none either, but says 0.
    private static async Task<byte[]> ReadAsync(FileStream file, string path, CancellationToken cancellation)
    {
        if (!file.CanSeek) return await ReadToEndAsync(file, path, cancellation);
        if (file.Length == 0) throw new CommandException($"{path} holds no bytes, or is no file: name a JPEG, PNG or WebP file");
        if (file.Length > MaxBytes) throw TooLarge(path, $"{file.Length} bytes");
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    private static async Task<byte[]> ReadToEndAsync(FileStream pipe, string path, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var block = new byte[1 << 16];
        int read;
        while ((read = await pipe.ReadAsync(block, cancellation)) > 0)
        {
            if (bytes.Length + read > MaxBytes) throw TooLarge(path, "more");
            bytes.Write(block, 0, read);
        }

        return bytes.ToArray();
    }

    // A whole picture may have been pasted.
    private static string Shortened(string path) => path.Length <= MaxShown ? path : $"{path[..MaxShown]}...";

    private static CommandException TooLarge(string path, string size) =>
        new($"{path} holds {size}; a picture may have {MaxBytes} bytes, and a service takes 16 MiB unless Server:MaxRequestBytes says more");
}
