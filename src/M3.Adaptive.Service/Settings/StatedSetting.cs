namespace M3.Adaptive.Service.Settings;

/// <summary>A setting as somebody wrote it.</summary>
/// <param name="Key">Its full name, parts separated by colons.</param>
/// <param name="Text">What it was set to.</param>
/// <param name="Place">Where, and under which name: <c>the environment variable Server__Port</c>.</param>
/// <param name="Spelling">How names of settings are written there.</param>
internal sealed record StatedSetting(string Key, string Text, string Place, Func<string, string> Spelling);
