namespace AdaQat.Runtime;

/// <summary>Proof that accumulators fit into 32 bits: the most and the least that any input makes of an output's weights.</summary>
internal static class WeightSums
{
    public static Integers Range(string name, IntegerWeights weights, Codes input, bool skipsTaps)
    {
        var (low, high) = (long.MaxValue, long.MinValue);
        var (least, most) = (input.MinInteger, input.MaxInteger);
        if (skipsTaps)
        {
            (least, most) = (Math.Min(least, 0), Math.Max(most, 0));
        }

        for (var m = 0; m < weights.Outputs; m++)
        {
            var (min, max) = (0L, 0L);
            for (var i = 0; i < weights.PerOutput; i++)
            {
                var weight = (long)weights.Integer(m, i);
                min += weight * (weight > 0 ? least : most);
                max += weight * (weight > 0 ? most : least);
            }

            (low, high) = (Math.Min(low, min), Math.Max(high, max));
        }

        return low >= int.MinValue && high <= int.MaxValue ? new((int)low, (int)high) : throw new IntegerModelException(
            name, $"its accumulators could be {low} to {high}, and 32 bits don't hold them; allowed are fewer bits or fewer inputs.");
    }
}
