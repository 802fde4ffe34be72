using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace M3.Adaptive.Training.DataGeneration;

/// <summary>What a data set is, beside its files: which generator drew what, and a hash by which it is known again.</summary>
/// <param name="Generator">Version of the program that drew it, with its commit.</param>
/// <param name="Split">Split that was drawn from.</param>
/// <param name="Seed">Seed of the data set.</param>
/// <param name="Pictures">How many it holds.</param>
/// <param name="Questions">How many are asked.</param>
/// <param name="Data">SHA-256 over questions.jsonl and the pictures, see <see cref="HashOf"/>.</param>
public sealed record DataSetManifest(string Generator, string Split, ulong Seed, int Pictures, int Questions, string Data)
{
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Version and commit of this program.</summary>
    public static string ThisGenerator { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Reads the manifest of a folder.</summary>
    /// <exception cref="InvalidDataException">The file is no manifest.</exception>
    public static DataSetManifest Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        try
        {
            return JsonSerializer.Deserialize<DataSetManifest>(File.ReadAllBytes(file), Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{file} is no manifest of a data set: {fault.Message}. Write the data set anew by data export.", fault);
        }
    }

    public void Write(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>Name and bytes of questions.jsonl and of every picture, in the order of their names: upper-case hexadecimal digits.</summary>
    public static string HashOf(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".png" or ".webp" or ".jsonl").OrderBy(Path.GetFileName, StringComparer.Ordinal);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
