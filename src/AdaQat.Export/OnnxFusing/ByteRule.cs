namespace AdaQat.Export;

/// <summary>How the sums of a channel become codes in bytes.</summary>
/// <param name="WeightScale">The step of the weight's codes.</param>
/// <param name="Bias">What is added to a sum.</param>
/// <param name="Moved">How many thresholds are elsewhere than the quantized network's, for sums that occur.</param>
/// <param name="Room">
/// How far the nearest sum is from where the rule, in real numbers, switches its code, in steps of sums: ½ at most. 0 where thresholds are
/// moved.
/// </param>
internal sealed record ByteRule(float WeightScale, long Bias, int Moved, double Room);
