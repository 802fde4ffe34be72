using System.Text.Json;

namespace M3.Adaptive.Predictor.Audits;

/// <summary>Appends audits to one file; nothing is made before the first.</summary>
public sealed class AuditFile(string path) : IDisposable
{
    private FileStream? _file;

    /// <exception cref="IOException">The disk takes no more; part of a line may be left.</exception>
    public void Append(AuditRecord audit)
    {
        _file ??= new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(audit, AuditJson.Default.AuditRecord), (byte)'\n']);
        _file.Flush();
    }

    public void Dispose() => _file?.Dispose();
}
