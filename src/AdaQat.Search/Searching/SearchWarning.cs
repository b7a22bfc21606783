namespace AdaQat.Search;

/// <summary>Something that a search does silently otherwise.</summary>
/// <param name="Subject">What it is about: a layer, or an option.</param>
/// <param name="Message">A sentence that says it.</param>
public sealed record SearchWarning(string Subject, string Message);
