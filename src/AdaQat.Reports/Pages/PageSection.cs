namespace AdaQat.Reports.Pages;

/// <summary>A part of a page.</summary>
/// <param name="Kind">Which script draws it: the name under which that has registered itself.</param>
/// <param name="Data">What it draws, written as JSON.</param>
/// <param name="Script">The name of the script among this library's resources.</param>
internal sealed record PageSection(string Kind, object Data, string Script);
