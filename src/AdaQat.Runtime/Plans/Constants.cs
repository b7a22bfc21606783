namespace AdaQat.Runtime;

/// <summary>What an activation grid's offset adds to each output: offset · Σ w, modulo 2^32, as all sums on the way are.</summary>
internal static class Constants
{
    public static int[] Of(IntegerWeights weights, Codes codes)
    {
        var constants = new int[weights.Outputs];
        for (var m = 0; m < constants.Length && codes.Offset != 0; m++)
        {
            for (var i = 0; i < weights.PerOutput; i++)
            {
                constants[m] = unchecked(constants[m] + (codes.Offset * weights.Integer(m, i)));
            }
        }

        return constants;
    }
}
