namespace AdaQat.Quantizers.Kernels;

/// <summary>Checks of options, whose errors name the option, the value and what is allowed.</summary>
internal static class Choices
{
    public static void Validate<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(
                name, value, $"{name} is {value}; allowed are {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    public static void Share(double value, string name)
    {
        if (!(value > 0 && value <= 1))
        {
            throw new ArgumentOutOfRangeException(
                name, value, FormattableString.Invariant($"{name} is {value}; allowed are numbers above 0, up to 1."));
        }
    }

    public static void PositiveOrNull(double? value, string name)
    {
        if (value is { } number && !(number > 0 && double.IsFinite(number)))
        {
            throw new ArgumentOutOfRangeException(
                name, number, FormattableString.Invariant($"{name} is {number}; allowed are finite numbers above 0, and null."));
        }
    }
}
