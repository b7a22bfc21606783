using System.Globalization;
using AdaQat.Diagnostics;

namespace AdaQat;

/// <summary>The mean power of inferences at a rate: energy per inference times rate. What a device takes at rest comes on top.</summary>
public sealed record InferencePower
{
    /// <summary>The power of a rate of inferences.</summary>
    /// <param name="microjoules">The energy of one, 0 and more, in µJ: <c>quantized.Cost(new EnergyCost(table))</c>.</param>
    /// <param name="inferencesPerSecond">How many in a second, 0 and more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside what is allowed.</exception>
    public InferencePower(double microjoules, double inferencesPerSecond)
    {
        Guard.NotNegative(microjoules, nameof(microjoules));
        Guard.NotNegative(inferencesPerSecond, nameof(inferencesPerSecond));
        (Microjoules, InferencesPerSecond) = (microjoules, inferencesPerSecond);
    }

    /// <summary>The energy of one inference, in µJ.</summary>
    public double Microjoules { get; }

    /// <summary>The rate, in 1/s.</summary>
    public double InferencesPerSecond { get; }

    /// <summary>The power, in W.</summary>
    public double Watts => Microjoules * 1e-6 * InferencesPerSecond;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Watts * 1e3:0.###} mW at {InferencesPerSecond:0.###} inferences a second of {Microjoules:0.###} µJ");
}
