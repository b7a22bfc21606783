namespace AdaQat;

/// <summary>What a calibration saw of a layer's input, or of its weight, and made of it.</summary>
/// <param name="Layer">The layer's name; of several that read the input, or share the weight, the first.</param>
/// <param name="Target">Its input or its weight.</param>
/// <param name="Observer">
/// Who chose: the observer's name, or "quantizer" where the quantizer itself did, or takes no range from outside.
/// </param>
/// <param name="Count">Elements seen, those that are not finite included.</param>
/// <param name="NonFinite">How many were NaN or infinite, and left out.</param>
/// <param name="Minimum">The smallest finite element; 0 where there was none.</param>
/// <param name="Maximum">The largest finite element; 0 where there was none.</param>
/// <param name="Ranges">
/// The ranges chosen, one for each scale; empty where the quantizer keeps none, or where there were no data to choose by.
/// </param>
/// <param name="ClippedShare">
/// The share of the finite elements outside their range, from 0 to 1, read off a histogram of at most 2048 bins; null without ranges.
/// </param>
public sealed record CalibratedRange(
    string Layer, QuantizerTarget Target, string Observer, long Count, long NonFinite, double Minimum, double Maximum,
    IReadOnlyList<ValueRange> Ranges, double? ClippedShare);
