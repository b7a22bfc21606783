namespace AdaQat.Checkpoints;

/// <summary>A choice that must be the same on resuming.</summary>
/// <param name="Text">What was chosen.</param>
/// <param name="IsDefault">Whether that is what a run has that says nothing about it.</param>
internal readonly record struct Setting(string Text, bool IsDefault);
