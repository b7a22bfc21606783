using System.Collections;
using System.Runtime.CompilerServices;

namespace AdaQat.Graph;

/// <summary>How many elements a tensor has along each of its axes; written <c>[1, 3, 32, 32]</c>. The last axis is the innermost.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed class Shape : IReadOnlyList<long>, IEquatable<Shape>
{
    private readonly long[] _sizes;

    /// <summary>A shape of these sizes.</summary>
    /// <param name="sizes">One for each axis, 0 and more; none for a single number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or there are more elements than an array can hold.</exception>
    public Shape(params ReadOnlySpan<long> sizes)
    {
        _sizes = sizes.ToArray();
        ElementCount = 1;
        foreach (var size in sizes)
        {
            if (size < 0)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(sizes), size, $"A size of the shape {this} is {size}; allowed are 0 and more.");
            }

            var elements = (Int128)ElementCount * size;
            ElementCount = elements <= Array.MaxLength ? (long)elements : throw new ArgumentOutOfRangeException(
                nameof(sizes), $"The shape {this} has more than {Array.MaxLength} elements, the most that is allowed.");
        }
    }

    /// <summary>A single number: no axis, one element.</summary>
    public static Shape Scalar { get; } = new();

    /// <summary>How many axes.</summary>
    public int Rank => _sizes.Length;

    /// <summary>How many elements: the product of all sizes.</summary>
    public long ElementCount { get; }

    /// <inheritdoc/>
    int IReadOnlyCollection<long>.Count => _sizes.Length;

    /// <summary>The size along an axis.</summary>
    /// <param name="axis">0 to <see cref="Rank"/> − 1.</param>
    public long this[int axis] => _sizes[axis];

    /// <summary>Whether two shapes have equal sizes.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(Shape? left, Shape? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(Shape? left, Shape? right) => !(left == right);

    /// <summary>A shape of these sizes; what collection expressions call.</summary>
    /// <param name="sizes">One for each axis, 0 and more.</param>
    /// <returns>The shape.</returns>
    public static Shape Create(params ReadOnlySpan<long> sizes) => new(sizes);

    /// <summary>The sizes in memory, to be read.</summary>
    /// <returns>All sizes.</returns>
    public ReadOnlySpan<long> AsSpan() => _sizes;

    /// <summary>The same shape with one size changed.</summary>
    /// <param name="axis">0 to <see cref="Rank"/> − 1.</param>
    /// <param name="size">The size there, 0 and more.</param>
    /// <returns>The other shape.</returns>
    public Shape With(int axis, long size)
    {
        var sizes = (long[])_sizes.Clone();
        sizes[axis] = size;
        return new(sizes);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _sizes.AsSpan().SequenceEqual(other._sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var size in _sizes)
        {
            hash.Add(size);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)_sizes).GetEnumerator();

    /// <summary>Its sizes between brackets.</summary>
    /// <returns>For example <c>[1,3,32,32]</c>.</returns>
    public override string ToString() => $"[{string.Join(',', _sizes)}]";

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The product of the sizes of the axes from one up to, and without, another.</summary>
    internal int Product(int from, int to)
    {
        var product = 1L;
        for (var axis = from; axis < to; axis++)
        {
            product *= _sizes[axis];
        }

        return (int)product;
    }
}
