using System.Globalization;

namespace AdaQat.Graph;

/// <summary>Something that is said about an operator besides its inputs, such as a stride.</summary>
/// <param name="Name">As in a graph's text and in its JSON, for example <c>ceil_mode</c>.</param>
/// <param name="Value">
/// A <see cref="long"/>, a <see cref="double"/>, a <see cref="bool"/>, an enumeration's value, a <see cref="Shape"/>, a
/// <see cref="GraphTensor"/>, an <see cref="EquatableList{T}"/> of numbers or of <see cref="SizeExpression"/>, or null where it isn't said.
/// </param>
/// <param name="IsDefault">Whether it is what goes without saying; a graph's text leaves it out.</param>
public sealed record AttributeValue(string Name, object? Value, bool IsDefault = false)
{
    private const int LongestList = 6;

    /// <summary>As in a graph's text.</summary>
    /// <returns>For example <c>stride=2</c>; a list of equal numbers is written as one of them, a long one shortened.</returns>
    public override string ToString() => $"{Name}={Text(Value)}";

    private static string Text(object? value) => value switch
    {
        null => "none",
        bool flag => flag ? "true" : "false",
        Enum choice => choice.ToString(),
        EquatableList<long> longs => ListText(longs),
        EquatableList<double> doubles => ListText(doubles),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static string ListText<T>(EquatableList<T> list) =>
        list.Count > 0 && list.Distinct().Count() == 1 ? string.Create(CultureInfo.InvariantCulture, $"{list[0]}")
        : list.Count <= LongestList ? list.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"[{list[0]},{list[1]},…,{list[^1]}; {list.Count} in all]");
}
