using System.Collections;
using System.Runtime.CompilerServices;

namespace AdaQat.Graph;

/// <summary>
/// A list that never changes and equals every list of equal items, so that records that hold one are compared by what they say. Written as
/// a collection expression, <c>[1, 2]</c>; a single item may stand for the list of it.
/// </summary>
/// <typeparam name="T">What is in the list.</typeparam>
[CollectionBuilder(typeof(EquatableList), nameof(EquatableList.Create))]
public sealed class EquatableList<T> : IReadOnlyList<T>, IEquatable<EquatableList<T>>
{
    private readonly T[] _items;

    internal EquatableList(ReadOnlySpan<T> items) => _items = items.ToArray();

    /// <summary>How many items.</summary>
    public int Count => _items.Length;

    /// <summary>One of them.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    public T this[int index] => _items[index];

    /// <summary>The list of one item.</summary>
    /// <param name="item">The item.</param>
    public static implicit operator EquatableList<T>(T item) => new([item]);

    /// <summary>Whether two lists have equal items.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(EquatableList<T>? left, EquatableList<T>? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two lists differ in an item.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(EquatableList<T>? left, EquatableList<T>? right) => !(left == right);

    /// <summary>The items in memory, to be read.</summary>
    /// <returns>All items.</returns>
    public ReadOnlySpan<T> AsSpan() => _items;

    /// <inheritdoc/>
    public bool Equals(EquatableList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EquatableList<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    /// <summary>Its items between brackets.</summary>
    /// <returns>For example <c>[1,2]</c>.</returns>
    public override string ToString() => $"[{string.Join(',', _items.Select(item => FormattableString.Invariant($"{item}")))}]";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
