namespace AdaQat.Recording;

/// <summary>The tensor that a call of a module was given, where it takes one.</summary>
/// <param name="Module">The module's name; empty for the model itself.</param>
/// <param name="Value">The value's name.</param>
internal sealed record ModuleInput(string Module, string Value);
