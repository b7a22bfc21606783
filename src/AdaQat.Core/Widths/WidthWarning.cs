namespace AdaQat.Widths;

/// <summary>Something that training does silently otherwise.</summary>
/// <param name="Subject">The width or layer.</param>
/// <param name="Message">What was seen, and what it may mean.</param>
public sealed record WidthWarning(string Subject, string Message);
