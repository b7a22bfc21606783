using System.CommandLine;

namespace Samples.CommandLine;

/// <summary>What a command line gives for an option, or else its default.</summary>
public static class OptionValues
{
    public static T? Or<T>(this ParseResult result, Option<T> option, T? fallback) =>
        result.IsGiven(option) ? result.GetValue(option) : fallback;
}
