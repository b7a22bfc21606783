namespace AdaQat;

/// <summary>Something that training does silently otherwise.</summary>
/// <param name="Subject">The width, layer, parameter or buffer, or the part of the training loop.</param>
/// <param name="Message">What was seen, and what it may mean.</param>
public sealed record QuantizationWarning(string Subject, string Message);
