using System.Text;

namespace AdaQat.Tests.Build;

/// <summary>A library that no one can run: a 64-bit ELF header, names, what it needs of other libraries, section headers.</summary>
internal sealed class ElfImage
{
    private const int HeaderSize = 64;
    private const int SectionSize = 64;
    private const int EntrySize = 16;
    private const uint StringTable = 3;
    private const uint VersionNeeds = 0x6ffffffe;

    private readonly Dictionary<(string Library, string Version), int> _flags = [];

    public ElfImage(params (string Library, string[] Versions)[] needs)
    {
        var names = new NameTable();
        var needed = Needs(needs, names);
        SectionHeaders = HeaderSize + names.Size + needed.Length;
        (NamesHeader, NeedsHeader) = (SectionHeaders + SectionSize, SectionHeaders + (2 * SectionSize));
        NeedsStart = HeaderSize + names.Size;

        using var image = new MemoryStream();
        using var writer = new BinaryWriter(image);
        writer.Write([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]);
        writer.Seek(40, SeekOrigin.Begin);
        writer.Write((long)SectionHeaders);
        writer.Seek(58, SeekOrigin.Begin);
        writer.Write((ushort)SectionSize);
        writer.Write((ushort)3);
        writer.Seek(HeaderSize, SeekOrigin.Begin);
        writer.Write(names.Bytes);
        writer.Write(needed);
        writer.Write(new byte[SectionSize]);
        writer.Write(Section(StringTable, HeaderSize, names.Size, link: 0));
        writer.Write(Section(VersionNeeds, NeedsStart, needed.Length, link: 1));
        Bytes = image.ToArray();
    }

    public byte[] Bytes { get; }

    /// <summary>Where the table of section headers is; the names and the needs have one each.</summary>
    public int SectionHeaders { get; }

    public int NamesHeader { get; }

    public int NeedsHeader { get; }

    /// <summary>Where the first needed library's entry is.</summary>
    public int NeedsStart { get; }

    /// <summary>Where the flags of a version that a library is asked for are.</summary>
    public int FlagsAt(string library, string version) => NeedsStart + _flags[(library, version)];

    /// <summary>Each library's entry (Elf64_Verneed), behind it its versions (Elf64_Vernaux); each tells where the next is.</summary>
    private byte[] Needs((string Library, string[] Versions)[] needs, NameTable names)
    {
        using var section = new MemoryStream();
        using var writer = new BinaryWriter(section);
        foreach (var (library, versions) in needs)
        {
            writer.Write((ushort)1);
            writer.Write((ushort)versions.Length);
            writer.Write(names.Add(library));
            writer.Write(EntrySize);
            writer.Write(library == needs[^1].Library ? 0 : EntrySize * (1 + versions.Length));
            foreach (var version in versions)
            {
                writer.Write(0xfeedbeef);
                _flags[(library, version)] = (int)section.Position;
                writer.Write((ushort)0);
                writer.Write((ushort)7);
                writer.Write(names.Add(version));
                writer.Write(version == versions[^1] ? 0 : EntrySize);
            }
        }

        return section.ToArray();
    }

    private static byte[] Section(uint type, int offset, int size, uint link)
    {
        var header = new byte[SectionSize];
        BitConverter.TryWriteBytes(header.AsSpan(4), type);
        BitConverter.TryWriteBytes(header.AsSpan(24), (long)offset);
        BitConverter.TryWriteBytes(header.AsSpan(32), (long)size);
        BitConverter.TryWriteBytes(header.AsSpan(40), link);
        return header;
    }

    /// <summary>Names one after the other, each with a zero behind it; the first is empty.</summary>
    private sealed class NameTable
    {
        private readonly List<byte> _bytes = [0];

        public byte[] Bytes => [.. _bytes];

        public int Size => _bytes.Count;

        public int Add(string name)
        {
            var start = _bytes.Count;
            _bytes.AddRange([.. Encoding.ASCII.GetBytes(name), 0]);
            return start;
        }
    }
}
