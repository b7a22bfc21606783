using FsCheck;
using FsCheck.Fluent;

namespace AdaQat.Tests.Graph;

/// <summary>An image, and a window that goes over it: sizes that fit each other.</summary>
internal sealed record WindowCase(
    int Axes, long Batch, long Groups, long In, long Out, long[] Size, long[] Kernel, long[] Stride, long[] Padding, long[] Dilation,
    bool Flag, long Seed)
{
    /// <param name="mostPadding">The most padding; null for up to half of the kernel.</param>
    public static Gen<WindowCase> Any(int? mostPadding) =>
        from axes in Gen.Choose(1, 3)
        from counts in Gen.Choose(1, 3).ArrayOf(4)
        from kernel in Gen.Choose(1, 3).ArrayOf(axes)
        from stride in Gen.Choose(1, 3).ArrayOf(axes)
        from padding in Gen.Choose(0, mostPadding ?? 1).ArrayOf(axes)
        from dilation in Gen.Choose(1, 2).ArrayOf(axes)
        from more in Gen.Choose(0, 4).ArrayOf(axes)
        from flag in Gen.Elements(false, true)
        from seed in Gen.Choose(1, 1000)
        select Of(axes, counts, kernel, stride, padding, dilation, more, flag, seed, mostPadding is null);

    public override string ToString() =>
        $"{Axes} axes, {Batch} x {Groups} x {In} to {Out}, size {T(Size)}, kernel {T(Kernel)}, stride {T(Stride)}, padding {T(Padding)}, "
        + $"dilation {T(Dilation)}, {Flag}, seed {Seed}";

    private static WindowCase Of(
        int axes, int[] counts, int[] kernel, int[] stride, int[] padding, int[] dilation, int[] more, bool flag, int seed, bool toHalf)
    {
        var fitting = padding.Select((count, axis) => (long)(toHalf ? Math.Min(count, kernel[axis] / 2) : count)).ToArray();
        var size = kernel.Select((count, axis) => Math.Max(1, (dilation[axis] * (count - 1)) + 1 - (2 * fitting[axis]) + more[axis]));
        return new(
            axes, counts[0], counts[1], counts[2], counts[3], [.. size], Longs(kernel), Longs(stride), fitting, Longs(dilation), flag,
            seed);
    }

    private static long[] Longs(int[] numbers) => Array.ConvertAll(numbers, number => (long)number);

    private static string T(long[] numbers) => $"[{string.Join(',', numbers)}]";
}
