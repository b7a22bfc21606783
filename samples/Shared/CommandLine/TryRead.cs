namespace Samples.CommandLine;

/// <summary>Takes a value from its text; false where the text is not allowed.</summary>
public delegate bool TryRead<T>(string text, out T value);
