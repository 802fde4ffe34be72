namespace M3.Adaptive.Core;

/// <summary>Which weights answer: the folder's name and the SHA-256 that predictors and decisions are bound to.</summary>
/// <param name="Name">Checkpoint folder's name, for example <c>m3-nano</c>.</param>
/// <param name="Hash">Lower-case hexadecimal SHA-256 of the checkpoint's tensors and configuration.</param>
public sealed record ModelIdentity(string Name, string Hash)
{
    /// <summary>Name and the first twelve digits of the hash, as replies and logs show it.</summary>
    public string Version => $"{Name}@{Hash[..Math.Min(12, Hash.Length)]}";
}
