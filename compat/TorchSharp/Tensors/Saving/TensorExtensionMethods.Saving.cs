using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// TorchSharp's own format: element type, number of dimensions and each dimension as LEB128, then the elements in row-major order as
/// they lie in memory.
/// </summary>
public static partial class TensorExtensionMethods
{
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        writer.Encode((long)tensor.dtype);
        writer.Encode(tensor.Dimensions);
        foreach (var size in tensor.shape) writer.Encode(size);
        writer.Flush();
        using var plain = tensor.detach().to(CPU, disposeAfter: true);
        using var ordered = plain.contiguous();
        ordered.WriteBytesToStream(writer.BaseStream);
    }

    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        tensor.Save(writer);
    }

    public static void Save(this Tensor tensor, string location)
    {
        using var stream = File.Create(location);
        tensor.Save(stream);
    }

    /// <summary>Fills the tensor, which must have the saved type and shape; with <paramref name="skip"/> only reads past the elements.</summary>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        if (type != tensor.dtype) throw new ArgumentException($"The saved tensor has elements of {type}, the one to load it into of {tensor.dtype}.");
        if (!skip && !shape.AsSpan().SequenceEqual(tensor.shape))
        {
            throw new ArgumentException(
                $"The saved tensor has the shape [{string.Join(", ", shape)}], the one to load it into [{string.Join(", ", tensor.shape)}].");
        }
        using var loaded = ReadElements(reader, type, shape);
        if (skip) return;
        using var guard = no_grad();
        tensor.copy_(loaded);
    }

    public static void Load(ref Tensor tensor, BinaryReader reader, bool skip = false)
    {
        if (tensor is not null)
        {
            tensor.Load(reader, skip);
            return;
        }
        tensor = Load(reader, skip);
    }

    /// <summary>Reads a tensor of whatever type and shape was saved; with <paramref name="skip"/> the answer is null.</summary>
    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        var loaded = ReadElements(reader, type, shape);
        if (!skip) return loaded;
        loaded.Dispose();
        return null;
    }

    private static (ScalarType Type, long[] Shape) ReadHeader(BinaryReader reader)
    {
        var type = (ScalarType)reader.Decode();
        var shape = new long[reader.Decode()];
        for (var i = 0; i < shape.Length; i++) shape[i] = reader.Decode();
        return (type, shape);
    }

    private static Tensor ReadElements(BinaryReader reader, ScalarType type, long[] shape)
    {
        var tensor = empty(shape, dtype: type, device: CPU);
        tensor.ReadBytesFromStream(reader.BaseStream);
        return tensor;
    }
}
