using AdaQat.Checkpoints;

namespace AdaQat.Export;

/// <summary>A model as one file, or as two, of which the second has the larger constants.</summary>
internal static class ModelFile
{
    private const string DataSuffix = ".data";
    private const int BufferSize = 1 << 16;

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
            AtomicFile.Write(path + DataSuffix, stream =>
            {
                foreach (var constant in outside)
                {
                    stream.Position = offsets[constant];
                    stream.Write(constant.Bytes.Span);
                }
            });
        }

        AtomicFile.Write(path, stream =>
        {
            // Not disposed: what can't be written out would fail a second time.
            var buffered = new BufferedStream(stream, BufferSize);
            message.WriteTo(buffered);
            buffered.Flush();
        });
        return message.Size + end;
    }
}
