namespace AdaQat.Lowering;

/// <summary>Where a tensor goes into a module, for all in it, or comes out of it, for all others.</summary>
/// <param name="Module">The module's name; empty for the model itself.</param>
/// <param name="IsOutput">Whether it comes out.</param>
internal readonly record struct ModuleBoundary(string Module, bool IsOutput)
{
    /// <summary>Whether who reads the tensor in a module reads it behind this.</summary>
    public bool IsBefore(string reader) => IsOutput != IsWithin(reader);

    private bool IsWithin(string module) => Module.Length == 0 || module == Module
        || (module.Length > Module.Length && module[Module.Length] == '.' && module.StartsWith(Module, StringComparison.Ordinal));
}
