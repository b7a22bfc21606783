namespace TorchSharp.Utils;

/// <summary>Walks the elements of a strided tensor in row-major order, one memory offset (in elements) after the other.</summary>
internal sealed class StridedOffsets
{
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly long[] position;

    public StridedOffsets(long[] shape, long[] strides, long start = 0)
    {
        this.shape = shape;
        this.strides = strides;
        position = new long[shape.Length];
        for (var dimension = shape.Length - 1; dimension >= 0 && start > 0; dimension--)
        {
            (start, position[dimension]) = Math.DivRem(start, shape[dimension]);
            Current += position[dimension] * strides[dimension];
        }
    }

    public long Current { get; private set; }

    public void Advance()
    {
        for (var dimension = shape.Length - 1; dimension >= 0; dimension--)
        {
            Current += strides[dimension];
            if (++position[dimension] < shape[dimension]) return;
            Current -= position[dimension] * strides[dimension];
            position[dimension] = 0;
        }
    }
}
