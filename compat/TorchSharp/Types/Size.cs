using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The dimensions of a tensor.</summary>
    public partial struct Size : IEnumerable<long>
    {
        public static readonly Size Empty = new(Array.Empty<long>());

        private readonly long[] dimensions;

        public Size(long[] shape) => dimensions = shape;

        public Size(int[] shape) => dimensions = Array.ConvertAll(shape, size => (long)size);

        public Size(IEnumerable<long> shape) => dimensions = shape.ToArray();

        public Size(long size) => dimensions = [size];

        public Size((long, long) size) => dimensions = [size.Item1, size.Item2];

        public Size((long, long, long) size) => dimensions = [size.Item1, size.Item2, size.Item3];

        public Size((long, long, long, long) size) => dimensions = [size.Item1, size.Item2, size.Item3, size.Item4];

        public Size(int size) => dimensions = [size];

        public Size((int, int) size) => dimensions = [size.Item1, size.Item2];

        public Size((int, int, int) size) => dimensions = [size.Item1, size.Item2, size.Item3];

        public Size((int, int, int, int) size) => dimensions = [size.Item1, size.Item2, size.Item3, size.Item4];

        public readonly long[] Shape => dimensions;

        public readonly int Length => dimensions.Length;

        public readonly bool IsEmpty => dimensions.Length == 0;

        public readonly long this[int idx] => dimensions[idx];

        public readonly long this[long idx] => dimensions[idx];

        public readonly long numel() => dimensions.Aggregate(1L, (product, size) => product * size);

        public readonly Size Slice(int first, int next) => new(dimensions[first..next]);

        public readonly IEnumerable<long> Take(int i) => dimensions.Take(i);

        public readonly IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)dimensions).GetEnumerator();

        readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
