using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>
/// An image as bytes, whose normalisation becomes part of the integer network: the number of a byte p in channel c is
/// (p / 255 − mean[c]) / deviation[c].
/// </summary>
public sealed record PixelInput
{
    /// <summary>Pixels and their normalisation.</summary>
    /// <param name="mean">One for all channels, or one for each; finite.</param>
    /// <param name="deviation">As many; finite, above 0.</param>
    /// <exception cref="ArgumentException">A number is outside what is allowed, or there are not as many of each.</exception>
    public PixelInput(EquatableList<double> mean, EquatableList<double> deviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(deviation);
        if (mean.Count == 0 || mean.Count != deviation.Count || !mean.All(double.IsFinite)
            || !deviation.All(number => double.IsFinite(number) && number > 0))
        {
            throw new ArgumentException(
                $"The means are {mean}, the deviations {deviation}; allowed are as many of each, finite, deviations above 0.");
        }

        (Mean, Deviation) = (mean, deviation);
    }

    /// <summary>One for all channels, or one for each.</summary>
    public EquatableList<double> Mean { get; }

    /// <summary>One for all channels, or one for each.</summary>
    public EquatableList<double> Deviation { get; }
}
