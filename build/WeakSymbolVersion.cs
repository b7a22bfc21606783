using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies an ELF library and marks one symbol version that it asks for as weak, so that it also loads where the system's library lacks
/// that version. Nothing else in the copy differs. docs/older-linux.md says why that is safe for TorchSharp's.
/// </summary>
public sealed class WeakSymbolVersion : Task
{
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const byte WeakFlag = 2;                    // VER_FLG_WEAK

    /// <summary>The library to copy: 64-bit, little-endian.</summary>
    [Required]
    public string Source { get; set; } = "";

    /// <summary>Where the copy goes.</summary>
    [Required]
    public string Destination { get; set; } = "";

    /// <summary>The version to be weak, such as <c>GLIBCXX_3.4.32</c>.</summary>
    [Required]
    public string SymbolVersion { get; set; } = "";

    public override bool Execute()
    {
        try
        {
            var bytes = File.ReadAllBytes(Source);
            Weaken(bytes, SymbolVersion);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Destination))!);
            // The destination may be a hard link into the package cache: it is replaced, never written to.
            File.Delete(Destination);
            File.WriteAllBytes(Destination, bytes);
            return true;
        }
        catch (Exception fault) when (fault is IOException || fault is UnauthorizedAccessException || fault is BadImageFormatException)
        {
            Log.LogError("{0}: {1}", Source, fault.Message);
            return false;
        }
    }

    /// <summary>Sets the flag in each entry of that version; returns how many entries were not weak before.</summary>
    /// <exception cref="BadImageFormatException">The bytes are no 64-bit little-endian ELF file, or a damaged one.</exception>
    public static int Weaken(byte[] bytes, string version)
    {
        // 0x7F E L F, then class 2 (64 bits) and encoding 1 (little-endian).
        if (bytes.Length < 64 || bytes[0] != 0x7f || bytes[1] != 'E' || bytes[2] != 'L' || bytes[3] != 'F'
            || bytes[4] != 2 || bytes[5] != 1)
        {
            throw new BadImageFormatException("not a 64-bit little-endian ELF file.");
        }

        try
        {
            var changed = 0;
            var sections = BitConverter.ToInt64(bytes, 40);
            long size = BitConverter.ToUInt16(bytes, 58), count = BitConverter.ToUInt16(bytes, 60);
            for (var section = sections; section < sections + (count * size); section += size)
            {
                if (BitConverter.ToUInt32(bytes, At(section + 4)) == VersionNeedSection)
                {
                    var names = BitConverter.ToInt64(bytes, At(sections + (BitConverter.ToUInt32(bytes, At(section + 40)) * size) + 24));
                    changed += WeakenNeeds(bytes, BitConverter.ToInt64(bytes, At(section + 24)), names, version);
                }
            }

            return changed;
        }
        catch (Exception fault) when (fault is ArgumentException || fault is OverflowException || fault is IndexOutOfRangeException)
        {
            throw new BadImageFormatException("a damaged ELF file: an offset leads outside it.", fault);
        }
    }

    /// <summary>The section is a chain of needed libraries (Elf64_Verneed), each with a chain of versions (Elf64_Vernaux).</summary>
    private static int WeakenNeeds(byte[] bytes, long need, long names, string version)
    {
        var changed = 0;
        for (uint next; ; need += next)
        {
            var entry = need + BitConverter.ToUInt32(bytes, At(need + 8));
            for (var left = BitConverter.ToUInt16(bytes, At(need + 2)); left > 0; left--)
            {
                var flags = At(entry + 4);
                if (Name(bytes, names + BitConverter.ToUInt32(bytes, At(entry + 8))) == version && (bytes[flags] & WeakFlag) == 0)
                {
                    bytes[flags] |= WeakFlag;
                    changed++;
                }

                entry += BitConverter.ToUInt32(bytes, At(entry + 12));
            }

            next = BitConverter.ToUInt32(bytes, At(need + 12));
            if (next == 0)
            {
                return changed;
            }
        }
    }

    private static string Name(byte[] bytes, long start)
    {
        var end = Array.IndexOf(bytes, (byte)0, At(start));
        return Encoding.ASCII.GetString(bytes, At(start), At(end - start));
    }

    private static int At(long offset) => checked((int)(uint)checked((ulong)offset));
}
