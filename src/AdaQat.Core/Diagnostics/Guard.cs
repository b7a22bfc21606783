using System.Globalization;

namespace AdaQat.Diagnostics;

/// <summary>Checks of options and arguments, whose errors name the option, the value and what is allowed.</summary>
internal static class Guard
{
    public static void InRange(int value, int minimum, int maximum, string name)
    {
        if (value < minimum || value > maximum)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; allowed are {minimum} to {maximum}.");
        }
    }

    public static void AtLeast(long value, long minimum, string name)
    {
        if (value < minimum)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; allowed are {minimum} and more.");
        }
    }

    public static void Positive(double value, string name)
    {
        if (!(value > 0) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {Text(value)}; allowed are finite numbers above 0.");
        }
    }

    public static void NotNegative(double value, string name)
    {
        if (!(value >= 0) || double.IsInfinity(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {Text(value)}; allowed are finite numbers, 0 and more.");
        }
    }

    public static void Share(double value, string name)
    {
        if (!(value > 0 && value <= 1))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {Text(value)}; allowed are numbers above 0, up to 1.");
        }
    }

    public static void Defined<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; allowed are {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
