using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ResNet20Cifar.CommandLine;

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

    public static Option<int> WholeNumber(string name, string valueName, string description, int least, int most) => Create(
        name, valueName, description, Range(least, most), (string text, out int value) => TryWholeNumber(text, least, most, out value));

    public static Option<int?> OptionalWholeNumber(string name, string valueName, string description, int least, int most) => Create(
        name,
        valueName,
        description,
        Range(least, most),
        (string text, out int? value) =>
        {
            var good = TryWholeNumber(text, least, most, out var number);
            value = number;
            return good;
        });

    /// <summary>One of a few words.</summary>
    public static Option<T> Choice<T>(string name, string valueName, string description, IReadOnlyDictionary<string, T> choices) => Create(
        name, valueName, description, string.Join(" or ", choices.Keys), (string text, out T value) =>
            choices.TryGetValue(text, out value!));

    /// <summary>A path; whether it leads anywhere is found out by whoever uses it.</summary>
    public static Option<string?> FilePath(string name, string valueName, string description) => Create<string?>(
        name,
        valueName,
        description,
        "a path",
        (string text, out string? value) =>
        {
            value = text;
            return !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal);
        });

    public static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    private static bool TryWholeNumber(string text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    private static string Range(int least, int most) => most == int.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"whole numbers from {least}")
        : string.Create(CultureInfo.InvariantCulture, $"whole numbers from {least} to {most}");
}
