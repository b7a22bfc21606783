namespace AdaQat;

/// <summary>By what of a <see cref="SensitivityReport"/> bits are chosen.</summary>
public enum SensitivityMeasure
{
    /// <summary>
    /// The change of the loss, summed over weights and inputs. It is what counts, and noisy: on few samples a width may seem to gain.
    /// </summary>
    LossChange,

    /// <summary>
    /// The mean square of what the network's output is off by, summed: errors that are independent add so. It knows no labels, and is
    /// steady on few samples.
    /// </summary>
    OutputError,
}
