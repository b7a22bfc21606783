namespace AdaQat;

/// <summary>Something that training does silently otherwise.</summary>
/// <param name="Subject">The width, layer, parameter or buffer.</param>
/// <param name="Message">What was seen, and what it may mean.</param>
public sealed record QuantizationWarning(string Subject, string Message);
