namespace AdaQat.Export;

/// <summary>The size of an axis: a number, or a name where it differs from call to call.</summary>
internal readonly record struct OnnxSize(long Number, string? Name = null);
