namespace AdaQat.Graph;

/// <summary>Makes lists; what collection expressions call.</summary>
public static class EquatableList
{
    /// <summary>A list of these items, which are copied.</summary>
    /// <typeparam name="T">What is in the list.</typeparam>
    /// <param name="items">The items, in order.</param>
    /// <returns>The list.</returns>
    public static EquatableList<T> Create<T>(params ReadOnlySpan<T> items) => new(items);

    /// <summary>A list of these items, which are copied.</summary>
    /// <typeparam name="T">What is in the list.</typeparam>
    /// <param name="items">The items, in order.</param>
    /// <returns>The list.</returns>
    public static EquatableList<T> From<T>(IEnumerable<T> items) => items as EquatableList<T> ?? new EquatableList<T>([.. items]);
}
