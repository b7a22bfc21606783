using System.Globalization;

namespace ResNet20Cifar.Data.Cifar;

/// <summary>Reads files of CIFAR-10's binary layout; a truncated, oversized or mislabelled one is refused.</summary>
public static class CifarBinaryReader
{
    /// <summary>The images of the files, one after the other.</summary>
    /// <param name="files">Paths.</param>
    /// <param name="recordsPerFile">How many records each file must hold.</param>
    public static ImageSet Read(IReadOnlyList<string> files, int recordsPerFile = CifarFormat.RecordsPerFile)
    {
        ArgumentNullException.ThrowIfNull(files);
        var labels = new byte[files.Count * recordsPerFile];
        var pixels = new byte[(long)labels.Length * ImageShape.Size];
        for (var index = 0; index < files.Count; index++)
        {
            var first = index * recordsPerFile;
            ReadFile(
                files[index],
                labels.AsSpan(first, recordsPerFile),
                pixels.AsSpan(first * ImageShape.Size, recordsPerFile * ImageShape.Size));
        }

        return new ImageSet(pixels, labels);
    }

    private static void ReadFile(string file, Span<byte> labels, Span<byte> pixels)
    {
        using var stream = Open(file);
        CheckLength(file, stream.Length, labels.Length);
        var record = new byte[CifarFormat.RecordSize];
        for (var index = 0; index < labels.Length; index++)
        {
            stream.ReadExactly(record);
            if (record[0] >= ImageShape.Classes)
            {
                throw MisLabelled(file, (long)index * CifarFormat.RecordSize, record[0], index);
            }

            labels[index] = record[0];
            record.AsSpan(1).CopyTo(pixels.Slice(index * ImageShape.Size, ImageShape.Size));
        }
    }

    private static FileStream Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"{file}: cannot be read: {fault.Message}", inner: fault);
        }
    }

    private static void CheckLength(string file, long length, int records)
    {
        var expected = (long)records * CifarFormat.RecordSize;
        if (length < expected)
        {
            throw new CifarFormatException(file, length, length,
                $"{file}: truncated: ends at offset {length}, byte {length % CifarFormat.RecordSize} of record "
                + $"{length / CifarFormat.RecordSize}; {Expected(expected, records)}");
        }

        if (length > expected)
        {
            throw new CifarFormatException(file, expected, length,
                $"{file}: oversized: {length} bytes, {length - expected} too many from offset {expected} on; "
                + $"{Expected(expected, records)}");
        }
    }

    private static string Expected(long bytes, int records) =>
        $"it must have {bytes} bytes ({records} records of {CifarFormat.RecordSize}).";

    private static CifarFormatException MisLabelled(string file, long offset, byte label, int record) =>
        new(file, offset, label, $"{file}: label {label} at offset {offset} (record {record}); a label is 0 to {ImageShape.Classes - 1}.");
}
