using TorchSharp;

namespace AdaQat.Checkpoints;

/// <summary>
/// A file of named tensors and text, in the <see href="https://github.com/huggingface/safetensors">safetensors</see> format, which the
/// Python package of that name reads too, with a checksum over all of it.
/// </summary>
/// <remarks>
/// A save replaces the file as a whole or leaves the old one as it was. <see cref="Open"/> checks the whole file before it hands out
/// anything, and reads tensors one at a time. Not safe for use from several threads.
/// </remarks>
internal sealed class SafeTensorsFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly Dictionary<string, SafeTensorsEntry> _byName;
    private readonly long _dataStart;

    private SafeTensorsFile(string path, FileStream stream, SafeTensorsHeader header)
    {
        _path = path;
        _stream = stream;
        _dataStart = stream.Length - header.DataByteCount;
        _byName = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        Entries = header.Entries;
        Metadata = header.Metadata;
    }

    /// <summary>The tensors, in the order of their data.</summary>
    public IReadOnlyList<SafeTensorsEntry> Entries { get; }

    /// <summary>The text that was stored with the tensors, by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Writes tensors and text to a file, in place of one that may be there. The same content gives the same bytes.</summary>
    /// <param name="path">The file. Its folder must exist; while writing, a temporary file lies there.</param>
    /// <param name="tensors">The tensors by name. Any device, any strides, any type but complex ones.</param>
    /// <param name="metadata">The text by key.</param>
    /// <exception cref="ArgumentException">A name or element type that the format does not have; nothing was written.</exception>
    /// <exception cref="IOException">The file could not be written; one that was there before is as it was.</exception>
    public static void Write(
        string path,
        IReadOnlyDictionary<string, torch.Tensor> tensors,
        IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeTensorsWriter.Check(tensors, metadata);
        AtomicFile.Write(path, stream => SafeTensorsWriter.Write(stream, tensors, metadata));
    }

    /// <summary>Opens a file and checks all of it. It stays open until disposed; a save to the same name does not disturb it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is damaged, or was not written by <see cref="Write"/>.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static SafeTensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            return new SafeTensorsFile(path, stream, SafeTensorsVerifier.Verify(stream));
        }
        catch (CheckpointException error)
        {
            stream.Dispose();
            throw new CheckpointException($"The checkpoint '{path}' is damaged or foreign: {error.Message}.", error);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor into memory.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>A new tensor on the CPU, which the caller owns.</returns>
    /// <exception cref="CheckpointException">There is no tensor of that name.</exception>
    public torch.Tensor ReadTensor(string name)
    {
        var entry = Find(name);
        var tensor = torch.empty(entry.Shape.ToArray(), entry.Dtype);
        try
        {
            Fill(tensor, entry);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Copies a tensor's values into an existing tensor of the same type and shape, on any device.</summary>
    /// <param name="name">The stored tensor's name.</param>
    /// <param name="target">The tensor that takes the values.</param>
    /// <exception cref="CheckpointException">No tensor has that name, or it has another type or shape. The target is as it was.</exception>
    public void CopyTo(string name, torch.Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var entry = Find(name);
        if (entry.Dtype != target.dtype || !entry.Shape.SequenceEqual(target.shape))
        {
            throw new CheckpointException(
                $"The tensor '{name}' in the checkpoint '{_path}' is {SafeTensorsEntry.Describe(entry.Dtype, entry.Shape)}; "
                + $"expected is {SafeTensorsEntry.Describe(target.dtype, target.shape)}.");
        }

        using var noGradients = torch.no_grad();
        using var stored = ReadTensor(name);
        target.copy_(stored);
    }

    /// <summary>Closes the file. Tensors that were read from it live on.</summary>
    public void Dispose() => _stream.Dispose();

    private SafeTensorsEntry Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name, out var entry)
            ? entry
            : throw new CheckpointException($"The checkpoint '{_path}' has no tensor '{name}' among its {Entries.Count}.");
    }

    private void Fill(torch.Tensor tensor, SafeTensorsEntry entry)
    {
        const int chunkBytes = 1 << 24;
        var elementSize = SafeTensorsDtype.SizeOf(entry.Dtype);
        var elements = entry.ByteCount / elementSize;
        _stream.Position = _dataStart + entry.Offset;
        using var flat = tensor.view(-1);
        for (long start = 0; start < elements; start += chunkBytes / elementSize)
        {
            using var piece = flat.narrow(0, start, Math.Min(chunkBytes / elementSize, elements - start));
            _stream.ReadExactly(piece.bytes);
        }
    }
}
