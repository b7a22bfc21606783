using System;

namespace TorchSharp.Modules;

/// <summary>Refuses options outside their range before an optimizer is built.</summary>
internal static class OptionRange
{
    internal static void NotNegative(string name, double value)
    {
        if (value < 0) throw new ArgumentException($"Invalid {name}: {value}; it must not be negative.");
    }

    internal static void BelowOne(string name, double value)
    {
        if (value is < 0 or >= 1) throw new ArgumentException($"Invalid {name}: {value}; it must be in [0, 1).");
    }
}
