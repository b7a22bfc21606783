using System.Text.RegularExpressions;

namespace AdaQat.Rules;

/// <summary>A pattern of layer names: <c>*</c> stands for any characters, <c>?</c> for one, <c>|</c> separates alternatives.</summary>
internal sealed class NamePattern
{
    private readonly Regex _expression;

    public NamePattern(string pattern, string option)
    {
        if (string.IsNullOrWhiteSpace(pattern) || pattern.Split('|').Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException(
                $"{option}: '{pattern}' is no name pattern; allowed are names in which * stands for any characters and ? for one, "
                + "with | between alternatives.",
                option);
        }

        Text = pattern;
        var alternatives = pattern.Split('|').Select(name =>
            Regex.Escape(name.Trim()).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal));
        _expression = new Regex($"^(?:{string.Join('|', alternatives)})$", RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    public string Text { get; }

    public bool Matches(string name) => _expression.IsMatch(name);
}
