using Samples.Cifar10;

namespace AdaQat.Tests.Support.Sample;

/// <summary>Small files of CIFAR-10's binary layout with known content.</summary>
internal static class CifarFiles
{
    /// <summary>Record r has label (r + shift) mod 10 and pixel p the byte (7r + p + shift) mod 256.</summary>
    public static byte[] Records(int count, int shift = 0)
    {
        var bytes = new byte[count * CifarFormat.RecordSize];
        for (var record = 0; record < count; record++)
        {
            bytes[record * CifarFormat.RecordSize] = (byte)((record + shift) % ImageShape.Classes);
            for (var pixel = 0; pixel < ImageShape.Size; pixel++)
            {
                bytes[record * CifarFormat.RecordSize + 1 + pixel] = Pixel(record, pixel, shift);
            }
        }

        return bytes;
    }

    public static byte Pixel(int record, int pixel, int shift = 0) => (byte)(7 * record + pixel + shift);

    /// <summary>All six files, each with as many records.</summary>
    public static void WriteAll(string folder, int recordsPerFile)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in CifarFormat.AllFiles)
        {
            File.WriteAllBytes(Path.Combine(folder, name), Records(recordsPerFile));
        }

    }
}
