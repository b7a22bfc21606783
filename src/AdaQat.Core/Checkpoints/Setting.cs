namespace AdaQat.Checkpoints;

/// <summary>A choice that must be the same on resuming.</summary>
/// <param name="Text">What was chosen.</param>
/// <param name="IsDefault">Whether that is what a run has that says nothing about it.</param>
/// <param name="GoesOnFrom">Whether another choice, in the checkpoint, is the same run all the same; null for no.</param>
internal readonly record struct Setting(string Text, bool IsDefault, Func<string, bool>? GoesOnFrom = null)
{
    /// <summary>What was chosen; where the checkpoint's choice is as good, that.</summary>
    public string Beside(string? saved) => saved is not null && GoesOnFrom?.Invoke(saved) == true ? saved : Text;
}
