using TorchSharp;

namespace AdaQat.Checkpoints;

/// <summary>One tensor of a safetensors file: its name, type and shape, and where its data lie.</summary>
internal sealed class SafeTensorsEntry
{
    internal SafeTensorsEntry(string name, torch.ScalarType dtype, long[] shape, long offset, long byteCount)
    {
        Name = name;
        Dtype = dtype;
        Shape = shape;
        Offset = offset;
        ByteCount = byteCount;
    }

    /// <summary>The tensor's name.</summary>
    public string Name { get; }

    /// <summary>The type of its elements.</summary>
    public torch.ScalarType Dtype { get; }

    /// <summary>Its sizes, outermost first; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Where its data begin, in bytes from the start of all tensors' data.</summary>
    internal long Offset { get; }

    /// <summary>How many bytes of data it has.</summary>
    internal long ByteCount { get; }

    /// <summary>Type and shape as they appear in errors, such as <c>Float32[3, 4]</c>.</summary>
    internal static string Describe(torch.ScalarType dtype, IEnumerable<long> shape) => $"{dtype}[{string.Join(", ", shape)}]";
}
