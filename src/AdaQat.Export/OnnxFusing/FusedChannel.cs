using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>A channel of a convolution in bytes: by how much its weight's codes are multiplied, and a rule for each quantizer.</summary>
internal sealed record FusedChannel(long Spread, IReadOnlyList<ByteRule> Rules, long Min, long Max, int Thresholds)
{
    /// <summary>The channel with the fewest moved thresholds, and of those the one with the most room.</summary>
    /// <param name="codes">The weight's codes around zero, of which sums are made.</param>
    /// <param name="map">What sums stand for; its slope is not negative.</param>
    /// <param name="input">The grid of the input.</param>
    /// <param name="quantizers">The grids that what the sums stand for is quantized to.</param>
    public static FusedChannel Of(
        ReadOnlySpan<long> codes, ChannelMap map, QuantizeOperator input, IReadOnlyList<QuantizeOperator> quantizers)
    {
        var (lowest, highest) = (
            Math.Min(0, input.LowestCode + (long)input.Offsets[0]), Math.Max(0, input.HighestCode + (long)input.Offsets[0]));
        var (min, max, largest) = (0L, 0L, 1L);
        foreach (var code in codes)
        {
            min += Math.Min(code * lowest, code * highest);
            max += Math.Max(code * lowest, code * highest);
            largest = Math.Max(largest, Math.Abs(code));
        }

        // A channel without a slope is its shift alone: any step will do in which that has many digits.
        var inputScale = (float)input.Scales[0];
        var (slope, shift) = (map.Slope.ToDouble(), map.Shift.ToDouble());
        var weightScale = slope > 0 ? slope / inputScale : Math.Max(Math.Abs(shift), 1e-6) / (1 << 20) / inputScale;
        var searches = quantizers.Select(grid => new ByteRuleSearch(
            ThresholdTable.Of(map, new(grid.Scales[0], grid.Offsets[0], grid.LowestCode, grid.HighestCode), min, max),
            new(inputScale, (float)grid.Scales[0]), grid.LowestCode + (long)grid.Offsets[0] + 1, weightScale,
            shift / (weightScale * inputScale))).ToList();

        // As much as a signed byte has room for, and 16 bits for two products.
        var highestByte = input.HighestCode + ByteQuantizer.Shift(input);
        var most = slope > 0 ? Math.Max(1, Math.Min(sbyte.MaxValue / largest, short.MaxValue / (2 * largest * highestByte))) : 1;
        var (best, mostRoom) = ((FusedChannel?)null, -1.0);
        for (var spread = most; spread > most / 2; spread--)
        {
            var rules = searches.Select(search => search.Exact(spread)).OfType<ByteRule>().ToList();
            if (rules.Count == searches.Count && rules.Min(rule => rule.Room) is var room && room > mostRoom)
            {
                mostRoom = room;
                best = new(spread, rules, min, max, searches.Sum(search => search.Thresholds));
            }
        }

        return best ?? new(
            most, [.. searches.Select(search => search.Exact(most) ?? search.Nearest(most))], min, max,
            searches.Sum(search => search.Thresholds));
    }

    /// <summary>Why a program can't compute that, if it can't.</summary>
    public string? Refusal(QuantizeOperator input) => Rules.Select(rule =>
        !((float)(input.Scales[0] * (double)rule.WeightScale) > 0) ? $"the step {rule.WeightScale:R} of its weight is too small"
        : Math.Max(Math.Abs((Spread * Min) + rule.Bias), Math.Abs((Spread * Max) + rule.Bias)) > int.MaxValue
            || Math.Abs(rule.Bias) > int.MaxValue
            ? $"its sums with their bias of {rule.Bias} have no 32 bits" : null).FirstOrDefault(refusal => refusal is not null);

    /// <summary>What becomes of the numbers that a quantizer is given.</summary>
    /// <param name="i">Which quantizer.</param>
    /// <param name="step">The step of the sums in the file.</param>
    /// <param name="map">What sums stand for.</param>
    public CodeMove Move(int i, double step, ChannelMap map)
    {
        var (slope, bias) = (map.Slope.ToDouble(), Rules[i].Bias * step);
        var factor = slope > 0 ? Spread * step / slope : 0;
        return new(factor, bias - (factor * map.Shift.ToDouble()), slope, 0);
    }
}
