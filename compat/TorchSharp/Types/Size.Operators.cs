namespace TorchSharp;

public static partial class torch
{
    public partial struct Size
    {
        public static implicit operator Size(long size) => new(size);

        public static implicit operator Size(long[] size) => new(size);

        public static implicit operator Size((long, long) size) => new(size);

        public static implicit operator Size((long, long, long) size) => new(size);

        public static implicit operator Size((long, long, long, long) size) => new(size);

        public static Size operator +(Size left, Size right) => new([.. left.dimensions, .. right.dimensions]);

        public static Size operator +(Size left, IEnumerable<long> right) => new([.. left.dimensions, .. right]);

        public static bool operator ==(Size left, Size right) => left.dimensions.AsSpan().SequenceEqual(right.dimensions);

        public static bool operator !=(Size left, Size right) => !(left == right);

        public override readonly bool Equals(object obj) => obj is Size other && this == other;

        public override readonly int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var size in dimensions) hash.Add(size);
            return hash.ToHashCode();
        }
    }
}
