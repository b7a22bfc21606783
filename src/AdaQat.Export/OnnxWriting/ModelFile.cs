namespace AdaQat.Export;

/// <summary>A model as one file, or as two, of which the second has the larger constants.</summary>
internal static class ModelFile
{
    private const string DataSuffix = ".data", TemporarySuffix = ".adaqat-partial";

    // Smaller ones stay in the model: shapes and axes have to be read before anything is loaded.
    private const int SmallestOutside = 1024;

    // Programs map the file into memory, by pages.
    private const long Alignment = 4096;

    /// <returns>How many bytes were written.</returns>
    public static long Write(OnnxModel model, string path, bool separate, long mostBytes)
    {
        var outside = separate ? model.Constants.Where(constant => constant.Bytes.Length >= SmallestOutside).ToList() : [];
        var (offsets, end) = (new Dictionary<OnnxTensor, long>(ReferenceEqualityComparer.Instance), 0L);
        foreach (var constant in outside)
        {
            offsets[constant] = (end + Alignment - 1) / Alignment * Alignment;
            end = offsets[constant] + constant.Bytes.Length;
        }

        var message = model.ToProto(constant => offsets.TryGetValue(constant, out var offset)
            ? constant.ToProto(Path.GetFileName(path) + DataSuffix, offset) : constant.ToProto());
        if (message.Size > mostBytes)
        {
            throw new OnnxExportException($"The file would have {message.Size} bytes; allowed are {mostBytes}. Weights in a file of their "
                + $"own, {nameof(OnnxOptions)}.{nameof(OnnxOptions.SeparateWeights)} = true, don't count.");
        }

        if (outside.Count > 0)
        {
            Replace(path + DataSuffix, stream =>
            {
                foreach (var constant in outside)
                {
                    stream.Position = offsets[constant];
                    stream.Write(constant.Bytes.Span);
                }
            });
        }

        Replace(path, message.WriteTo);
        return message.Size + end;
    }

    /// <summary>Whoever opens the file finds the old content or the new.</summary>
    private static void Replace(string path, Action<Stream> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}{TemporarySuffix}";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew))
            {
                content(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
