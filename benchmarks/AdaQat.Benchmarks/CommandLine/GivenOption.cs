using System.CommandLine;

namespace AdaQat.Benchmarks.CommandLine;

/// <summary>Options with a fallback where they are not given.</summary>
internal static class GivenOption
{
    public static T? Get<T>(this ParseResult result, Option<T> option, T? fallback) =>
        result.IsGiven(option) ? result.GetValue(option) : fallback;

    public static bool IsGiven(this ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
