using System.Buffers;

namespace AdaQat.Runtime;

/// <summary>Numbers at an address, in memory that never moves and that whoever has the address keeps.</summary>
internal sealed unsafe class NativeNumbers(double* numbers, int count) : MemoryManager<double>
{
    public override Span<double> GetSpan() => new(numbers, count);

    public override MemoryHandle Pin(int elementIndex = 0) => new(numbers + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
