using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Samples.CommandLine;

/// <summary>Options whose errors name the option, the value given and what is allowed.</summary>
public static class TextOption
{
    /// <summary>An option with one value.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="valueName">What the help calls the value.</param>
    /// <param name="description">For the help.</param>
    /// <param name="allowed">Completes the sentence "allowed: …".</param>
    /// <param name="read">Takes the text; returns false where it is not allowed.</param>
    public static Option<T> Create<T>(string name, string valueName, string description, string allowed, TryRead<T> read) => new(name)
    {
        HelpName = valueName,
        Description = description,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (read(text, out var value))
            {
                return value;
            }

            result.AddError($"{name}: '{text}' is not allowed; allowed: {allowed}.");
            return default;
        },
    };

    public static Option<int> WholeNumber(string name, string valueName, string description, int least, int most = int.MaxValue) => Create(
        name,
        valueName,
        description,
        most == int.MaxValue ? $"whole numbers from {least}" : $"whole numbers from {least} to {most}",
        (string text, out int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);

    public static Option<double> Number(
        string name, string valueName, string description, string allowed, Func<double, bool> isAllowed) =>
        Create(name, valueName, description, allowed, (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value)
            && isAllowed(value));

    public static Option<long> Seed(string description) => Create(
        "--seed", "N", description, $"whole numbers from 0 to {long.MaxValue}", (string text, out long value) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));

    /// <summary>One of a few words.</summary>
    public static Option<T> Choice<T>(string name, string valueName, string description, IReadOnlyDictionary<string, T> choices) => Create(
        name, valueName, description, string.Join(" or ", choices.Keys), (string text, out T value) =>
            choices.TryGetValue(text, out value!));

    /// <summary>A path; whether it leads anywhere is found out by whoever uses it.</summary>
    public static Option<string?> FilePath(string name, string valueName, string description) => Create<string?>(
        name, valueName, description, "a path", (string text, out string? value) =>
            !string.IsNullOrWhiteSpace(value = text) && !text.Contains('\0', StringComparison.Ordinal));

    public static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>Whether a command line has an option.</summary>
    public static bool IsGiven(this ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>The option's value; null where it is left out.</summary>
    public static T? Given<T>(this ParseResult result, Option<T> option)
        where T : struct => result.IsGiven(option) ? result.GetValue(option) : null;
}
