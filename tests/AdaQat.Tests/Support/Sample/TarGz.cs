using System.Formats.Tar;
using System.IO.Compression;

namespace AdaQat.Tests.Support.Sample;

/// <summary>Packs files the way the data set is published.</summary>
internal static class TarGz
{
    public static byte[] Pack(params (string Name, byte[] Content)[] files)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return packed.ToArray();
    }
}
