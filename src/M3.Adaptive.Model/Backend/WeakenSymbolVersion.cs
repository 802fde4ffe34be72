#nullable enable
#pragma warning disable IDE0005 // MSBuild compiles this file without implicit usings, the tests with them
using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;

namespace M3.Adaptive.Model.Backend;

/// <summary>
/// Build task: copies a 64-bit ELF library and, where the system's own library lacks a symbol version that the copy asks for, marks that
/// one requirement weak, so that the dynamic loader warns instead of refusing. The source is never written to.
/// </summary>
/// <remarks>Compiled by MSBuild from this file (netstandard2.0, no spans); see TorchBackend.targets for why it is needed.</remarks>
public sealed class WeakenSymbolVersion : Microsoft.Build.Utilities.Task
{
    [Required]
    public string Source { get; set; } = "";

    [Required]
    public string Destination { get; set; } = "";

    /// <summary>File name of the system's library, such as <c>libstdc++.so.6</c>.</summary>
    [Required]
    public string Library { get; set; } = "";

    /// <summary>The symbol version, such as <c>GLIBCXX_3.4.32</c>.</summary>
    [Required]
    public string Version { get; set; } = "";

    /// <summary>The only symbol that may ask for the version: one that is never called.</summary>
    [Required]
    public string MarkerSymbol { get; set; } = "";

    /// <summary>Folders in which the system's library is looked for.</summary>
    public string[] LibraryFolders { get; set; } =
        { "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib" };

    public override bool Execute()
    {
        var elf = File.ReadAllBytes(Source);
        if (SystemLacksVersion()) SymbolVersions.Weaken(elf, Library, Version, MarkerSymbol);

        // Beside, then renamed: a build that is stopped leaves no half of a library, and a program that runs keeps its own.
        var partial = Destination + "." + Guid.NewGuid().ToString("N");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Destination))!);
        File.WriteAllBytes(partial, elf);
        if (File.Exists(Destination)) File.Delete(Destination);
        File.Move(partial, Destination);
        return true;
    }

    private bool SystemLacksVersion()
    {
        var library = LibraryFolders.Select(folder => Path.Combine(folder, Library)).FirstOrDefault(File.Exists);
        return library != null && !SymbolVersions.Contains(File.ReadAllBytes(library), Version);
    }
}

/// <summary>The part of the ELF format (64 bits, little endian) that says which symbol versions a library needs of which other library.</summary>
public static class SymbolVersions
{
    private const ushort WeakFlag = 2;                                        // VER_FLG_WEAK
    private const uint DynamicSymbols = 11, Needs = 0x6ffffffe, SymbolIndices = 0x6fffffff;   // section types: .dynsym, .gnu.version_r, .gnu.version
    private const int SymbolSize = 24;

    /// <summary>Whether the text of a version's name occurs in a library, as it does in one that defines the version.</summary>
    public static bool Contains(byte[] elf, string version)
    {
        var name = Encoding.ASCII.GetBytes(version + "\0");
        for (var at = Array.IndexOf(elf, name[0]); at >= 0 && at + name.Length <= elf.Length; at = Array.IndexOf(elf, name[0], at + 1))
        {
            if (elf.Skip(at).Take(name.Length).SequenceEqual(name)) return true;
        }

        return false;
    }

    /// <summary>
    /// Sets the weak flag of one needed version, a field of two bytes. Nothing is written when the file is no such ELF library, does not
    /// need the version, needs it weakly already, or needs it for any symbol but the marker.
    /// </summary>
    /// <returns>Whether the flag was set.</returns>
    public static bool Weaken(byte[] elf, string library, string version, string markerSymbol)
    {
        if (elf.Length < 64 || BitConverter.ToUInt32(elf, 0) != 0x464c457f || elf[4] != 2 || elf[5] != 1) return false;
        var needs = Section(elf, Needs);
        if (needs == null) return false;
        var aux = FindNeed(elf, needs, library, version);
        if (aux < 0) return false;
        var flags = BitConverter.ToUInt16(elf, aux + 4);
        var index = BitConverter.ToUInt16(elf, aux + 6);
        if ((flags & WeakFlag) != 0 || !OnlyUser(elf, index, markerSymbol)) return false;
        BitConverter.GetBytes((ushort)(flags | WeakFlag)).CopyTo(elf, aux + 4);
        return true;
    }

    /// <summary>Where the Vernaux entry of a version of a library lies; -1: nowhere.</summary>
    private static int FindNeed(byte[] elf, SectionHeader needs, string library, string version)
    {
        for (var need = needs.Offset; ; need += BitConverter.ToInt32(elf, need + 12))               // Verneed: version, count, file, aux, next
        {
            if (Text(elf, needs.Strings, BitConverter.ToInt32(elf, need + 4)) == library)
            {
                for (var aux = need + BitConverter.ToInt32(elf, need + 8); ; aux += BitConverter.ToInt32(elf, aux + 12))
                {
                    if (Text(elf, needs.Strings, BitConverter.ToInt32(elf, aux + 8)) == version) return aux;   // Vernaux: hash, flags, index, name, next
                    if (BitConverter.ToInt32(elf, aux + 12) == 0) break;
                }
            }

            if (BitConverter.ToInt32(elf, need + 12) == 0) return -1;
        }
    }

    private static bool OnlyUser(byte[] elf, ushort index, string markerSymbol)
    {
        var (symbols, indices) = (Section(elf, DynamicSymbols), Section(elf, SymbolIndices));
        if (symbols == null || indices == null) return false;
        return Enumerable.Range(0, symbols.Size / SymbolSize)
            .Where(symbol => (BitConverter.ToUInt16(elf, indices.Offset + (2 * symbol)) & 0x7fff) == index)
            .All(symbol => Text(elf, symbols.Strings, BitConverter.ToInt32(elf, symbols.Offset + (SymbolSize * symbol))) == markerSymbol);
    }

    private static SectionHeader? Section(byte[] elf, uint type)
    {
        var table = (int)BitConverter.ToInt64(elf, 40);
        var (size, count) = (BitConverter.ToUInt16(elf, 58), BitConverter.ToUInt16(elf, 60));
        if (table + (size * count) > elf.Length) return null;                     // cut short
        for (var i = 0; i < count; i++)
        {
            var header = table + (i * size);
            if (BitConverter.ToUInt32(elf, header + 4) != type) continue;
            var strings = table + (BitConverter.ToInt32(elf, header + 40) * size);
            return new SectionHeader(
                (int)BitConverter.ToInt64(elf, header + 24), (int)BitConverter.ToInt64(elf, header + 32), (int)BitConverter.ToInt64(elf, strings + 24));
        }

        return null;
    }

    private static string Text(byte[] elf, int strings, int name)
    {
        var start = strings + name;
        return Encoding.ASCII.GetString(elf, start, Array.IndexOf(elf, (byte)0, start) - start);
    }

    private sealed class SectionHeader
    {
        public SectionHeader(int offset, int size, int strings)
        {
            (Offset, Size, Strings) = (offset, size, strings);
        }

        public int Offset { get; }

        public int Size { get; }

        /// <summary>Where the names lie that the section's entries point into.</summary>
        public int Strings { get; }
    }
}
