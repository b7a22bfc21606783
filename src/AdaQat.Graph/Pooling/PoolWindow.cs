namespace AdaQat.Graph;

/// <summary>A window along one axis.</summary>
/// <param name="First">The first element that is in the image.</param>
/// <param name="End">Behind the last one that is.</param>
/// <param name="Step">How far apart its elements are.</param>
/// <param name="PaddedSize">How many elements it has in the image and in its padding together.</param>
internal readonly record struct PoolWindow(int First, int End, int Step, int PaddedSize)
{
    public int Size => (End - First + Step - 1) / Step;

    public static PoolWindow Of(int place, int size, int kernel, int stride, int padding, int step)
    {
        var start = (place * stride) - padding;
        var end = start + ((kernel - 1) * step) + 1;
        var skipped = start < 0 ? (-start + step - 1) / step : 0;
        return new(start + (skipped * step), Math.Min(end, size), step, Math.Min(end, size + padding) - start);
    }
}
