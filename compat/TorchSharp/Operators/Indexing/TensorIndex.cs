namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// One position of an indexing expression: a number, a slice, a tensor of positions, a mask, a new axis or an ellipsis.
    /// </summary>
    public struct TensorIndex
    {
        internal enum Kind
        {
            Null,
            None,
            Ellipsis,
            Bool,
            Single,
            Slice,
            Tensor,
        }

        internal Kind kind;
        internal long? start;
        internal long? stop;
        internal long? step;
        internal bool truth;
        internal Tensor tensor;

        /// <summary>No entry at all: the dimension is taken whole.</summary>
        public static readonly TensorIndex Null = new() { kind = Kind.Null };

        /// <summary>A new dimension of size one.</summary>
        public static readonly TensorIndex None = new() { kind = Kind.None };

        /// <summary>As many whole dimensions as the other entries leave over.</summary>
        public static readonly TensorIndex Ellipsis = new() { kind = Kind.Ellipsis };

        /// <summary>A whole dimension.</summary>
        public static readonly TensorIndex Colon = Slice();

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null)
            => new() { kind = Kind.Slice, start = start, stop = stop, step = step };

        public static TensorIndex Slice((int?, int?) range) => Slice(range.Item1, range.Item2);

        public static TensorIndex Slice(Range range)
            => Slice(FromStart(range.Start), range.End.Equals(Index.End) ? null : FromStart(range.End));

        public static TensorIndex Bool(bool value) => new() { kind = Kind.Bool, truth = value };

        public static TensorIndex Single(long? index) => new() { kind = Kind.Single, start = index };

        public static TensorIndex Tensor(Tensor tensor) => new() { kind = Kind.Tensor, tensor = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex((int?, int?) range) => Slice(range);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex(Index index) => Single(FromStart(index));

        // torch counts from the end with negative numbers.
        private static long FromStart(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
