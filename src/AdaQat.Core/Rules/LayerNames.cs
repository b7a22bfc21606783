namespace AdaQat.Rules;

/// <summary>Layer names in errors.</summary>
internal static class LayerNames
{
    public static string List(IEnumerable<string> names) => $"The layers are: {string.Join(", ", names)}.";
}
