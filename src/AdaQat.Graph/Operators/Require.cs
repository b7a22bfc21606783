namespace AdaQat.Graph;

/// <summary>Checks of attributes and shapes, whose errors name what is wrong, its value and what is allowed.</summary>
internal static class Require
{
    /// <summary>Numbers for the one to three axes of an image, none below a limit.</summary>
    public static EquatableList<long> Spatial(EquatableList<long> values, long least, string what)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count is < 1 or > 3)
        {
            throw new GraphException($"the {what} is {values}; allowed are 1 to 3 numbers, one for each axis of the image.");
        }

        return values.All(value => value >= least && value <= int.MaxValue)
            ? values : throw new GraphException($"the {what} is {values}; allowed are {least} to {int.MaxValue}.");
    }

    /// <summary>As many numbers as another attribute has.</summary>
    public static EquatableList<long> AsMany(EquatableList<long> values, EquatableList<long> others, string what) =>
        values.Count == others.Count ? values : throw new GraphException($"the {what} is {values}; allowed are {others.Count} numbers.");

    public static long AtLeast(long value, long least, string what) => value >= least ? value : throw new GraphException(
        $"the {what} is {value}; allowed are {least} and more.");

    public static double Finite(double value, string what) => double.IsFinite(value) ? value : throw new GraphException(
        FormattableString.Invariant($"the {what} is {value}; allowed are finite numbers."));

    public static double Positive(double value, string what) => value > 0 && double.IsFinite(value) ? value : throw new GraphException(
        FormattableString.Invariant($"the {what} is {value}; allowed are finite numbers above 0."));

    public static double NotNegative(double value, string what) => value >= 0 && double.IsFinite(value) ? value : throw new GraphException(
        FormattableString.Invariant($"the {what} is {value}; allowed are finite numbers, 0 and more."));

    public static T Defined<T>(T value, string what)
        where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new GraphException(
            $"the {what} is {value}; allowed are {string.Join(", ", Enum.GetNames<T>())}.");

    public static void ShapeIs(Shape shape, Shape allowed, string what)
    {
        if (shape != allowed)
        {
            throw new GraphException($"the {what} has the shape {shape}; allowed is {allowed}.");
        }
    }

    public static void Rank(Shape shape, int least, int most, string what)
    {
        if (shape.Rank < least || shape.Rank > most)
        {
            var allowed = least == most ? $"{least}" : most == int.MaxValue ? $"{least} and more" : $"{least} to {most}";
            throw new GraphException($"the {what} {shape} has {shape.Rank} axes; allowed are {allowed}.");
        }
    }
}
