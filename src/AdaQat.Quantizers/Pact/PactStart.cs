using AdaQat.Quantizers.Pact;

namespace AdaQat.Quantizers;

/// <summary>How <see cref="PactQuantizer"/> starts its clipping value from data.</summary>
public enum PactStart
{
    /// <summary>At the smallest magnitude that covers <see cref="PactOptions.Percentile"/> of the data, whatever the width.</summary>
    Percentile,

    /// <summary>
    /// Where the data's squared error after clipping and rounding to the width in force is least: the fewer bits, the more is clipped
    /// (Banner et al., arXiv 1810.05723, on the data themselves in place of their fitted distribution).
    /// </summary>
    MinimumMeanSquaredError,
}
