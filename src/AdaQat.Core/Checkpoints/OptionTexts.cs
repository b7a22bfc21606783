using System.Globalization;
using System.Reflection;

namespace AdaQat.Checkpoints;

/// <summary>Options as text, one by one, so that a checkpoint can say which of them differs.</summary>
internal static class OptionTexts
{
    /// <summary>Adds the public properties of <paramref name="options"/> under names that begin with <paramref name="prefix"/>.</summary>
    /// <remarks>
    /// Each is marked as a default or not, where the type can be made without arguments: a checkpoint of a version that did not have an
    /// option yet fits a run that leaves the option alone.
    /// </remarks>
    public static void AddTo(IDictionary<string, Setting> settings, string prefix, object options)
    {
        var type = options.GetType();
        var defaults = type.GetConstructor(Type.EmptyTypes)?.Invoke(null);
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0);
        foreach (var property in properties)
        {
            var text = Of(property.GetValue(options));
            settings[$"{prefix}.{property.Name}"] = new Setting(
                text, defaults is not null && text == Of(property.GetValue(defaults)),
                options is QuantizerOptions quantizer ? saved => quantizer.GoesOnFrom(property.Name, saved) : null);
        }
    }

    /// <summary>The same text in every culture: records and numbers write themselves as the user's does.</summary>
    public static string Of(object? value)
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return value?.ToString() ?? "none";
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
