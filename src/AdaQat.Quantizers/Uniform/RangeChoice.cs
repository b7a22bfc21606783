namespace AdaQat.Quantizers.Uniform;

/// <summary>What a quantizer of a range is made with, whatever its family.</summary>
/// <param name="Source">Where the range comes from; null where none is needed.</param>
/// <param name="Reach">How far a scale reaches, and how many there are.</param>
/// <param name="Percentile">The share of the elements that either end of a range from data covers.</param>
/// <param name="Kernels">What computes.</param>
internal sealed record RangeChoice(RangeSource? Source, ScaleReach Reach, double Percentile, KernelChoice Kernels)
{
    /// <summary>The source that is meant where none was chosen.</summary>
    public static RangeSource SourceFor(QuantizerTarget target) =>
        target == QuantizerTarget.Weight ? RangeSource.Dynamic : RangeSource.Static;
}
