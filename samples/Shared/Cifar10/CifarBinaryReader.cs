using Samples.CommandLine;

namespace Samples.Cifar10;

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
        var place = 0;
        foreach (var file in files)
        {
            var bytes = ReadFile(file, recordsPerFile * CifarFormat.RecordSize);
            for (var record = 0; record < recordsPerFile; record++, place++)
            {
                var offset = record * CifarFormat.RecordSize;
                labels[place] = bytes[offset] < ImageShape.Classes ? bytes[offset] : throw new CifarFormatException(
                    file, offset, bytes[offset],
                    $"{file}: label {bytes[offset]} at offset {offset} (record {record}); a label is 0 to {ImageShape.Classes - 1}.");
                bytes.AsSpan(offset + 1, ImageShape.Size).CopyTo(pixels.AsSpan(place * ImageShape.Size));
            }
        }

        return new ImageSet(pixels, labels);
    }

    private static byte[] ReadFile(string file, int expected)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"{file}: cannot be read: {fault.Message}", inner: fault);
        }

        var rule = $"it must have {expected} bytes ({expected / CifarFormat.RecordSize} records of {CifarFormat.RecordSize}).";
        return bytes.Length.CompareTo(expected) switch
        {
            < 0 => throw new CifarFormatException(file, bytes.Length, bytes.Length,
                $"{file}: truncated: ends at offset {bytes.Length}, byte {bytes.Length % CifarFormat.RecordSize} of record "
                + $"{bytes.Length / CifarFormat.RecordSize}; {rule}"),
            > 0 => throw new CifarFormatException(file, expected, bytes.Length,
                $"{file}: oversized: {bytes.Length} bytes, {bytes.Length - expected} too many from offset {expected} on; {rule}"),
            _ => bytes,
        };
    }
}
