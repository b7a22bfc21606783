namespace AdaQat.Export;

/// <summary>Where 32-bit numbers change their code.</summary>
internal static class FloatThresholds
{
    /// <summary>For each code but the first the smallest 32-bit number that has it or a higher one; +∞ where none has.</summary>
    /// <param name="map">What a number stands for; its slope is positive.</param>
    /// <param name="grid">What numbers become.</param>
    public static float[] Of(ChannelMap map, CodeGrid grid)
    {
        var thresholds = new float[grid.MaxCode];
        for (var j = 0; j < thresholds.Length; j++)
        {
            var (bound, included) = grid.Threshold(j);
            bool Reaches(Rational value) => value > bound || (included && value == bound);

            thresholds[j] = map.High is { } high && !Reaches(high) ? float.PositiveInfinity
                : map.Low is { } low && Reaches(low) ? float.NegativeInfinity
                : Smallest((bound - map.Shift) / map.Slope, included);
        }

        return thresholds;
    }

    private static float Smallest(Rational place, bool included)
    {
        var near = place.ToDouble();
        if (Math.Abs(near) >= float.MaxValue)
        {
            return near > 0 ? float.PositiveInfinity : float.MinValue;
        }

        var number = Math.Max(float.MinValue, MathF.BitDecrement((float)near));
        while (Rational.Of(number) is var value && (value < place || (!included && value == place)))
        {
            number = MathF.BitIncrement(number);
        }

        return number;
    }
}
