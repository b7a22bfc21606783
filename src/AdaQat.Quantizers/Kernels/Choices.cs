namespace AdaQat.Quantizers.Kernels;

/// <summary>Checks of options that are enumerations.</summary>
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
}
