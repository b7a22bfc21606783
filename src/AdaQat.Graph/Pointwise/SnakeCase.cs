namespace AdaQat.Graph;

/// <summary>Names of choices as texts have them.</summary>
internal static class SnakeCase
{
    /// <summary>For example <c>hard_swish</c> for HardSwish.</summary>
    public static string Of<T>(T choice)
        where T : struct, Enum =>
        string.Concat(choice.ToString().Select((letter, place) => char.IsUpper(letter)
            ? (place == 0 ? "" : "_") + char.ToLowerInvariant(letter)
            : letter.ToString()));
}
