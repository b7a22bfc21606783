namespace AdaQat.Tests.Reports;

/// <summary>Reports as an analysis makes them, without an analysis.</summary>
internal static class SensitivityReports
{
    /// <summary>The layer that loses most.</summary>
    public const string Fragile = "block1.conv</script>&\"'";

    private static readonly int[] Widths = [2, 3, 4, 6, 8];

    /// <summary>A network of so many layers, the second of which is fragile.</summary>
    public static SensitivityReport Of(int layers)
    {
        var names = Enumerable.Range(0, layers).Select(i => i == 1 ? Fragile : $"block{i}.conv").ToList();
        var eight = BitWidth.Fixed("eight", 8);
        return new SensitivityReport
        {
            Model = "A <network> & more",
            Batches = 2,
            Samples = 256,
            Loss = 0.61,
            Accuracy = 0.81,
            Rows =
            [
                .. new[] { QuantizerTarget.Weight, QuantizerTarget.Activation }.SelectMany(
                    target => names.SelectMany((name, i) => Widths.Select(bits => Row(name, target, bits, i)))),
            ],
            Distributions =
            [
                .. names.Select(name => new TensorDistribution(
                    name, QuantizerTarget.Weight, -1, 1, [.. Enumerable.Range(0, 64).Select(i => (long)(i * (63 - i)))],
                    [.. Widths.Select(bits => new DistributionGrid(bits, -1, 2.0 / ((1 << bits) - 1), 1 << bits, null, 1))])),
                .. names.Select(name => new TensorDistribution(
                    name, QuantizerTarget.Activation, 0, 4, [.. Enumerable.Range(0, 64).Select(i => 5000L / (i + 1))],
                    [.. Widths.Select(bits => new DistributionGrid(bits, 0, 0, 3, [0, 1, 3.5], 1))])),
            ],
            Layers = [.. names.Select(name => new LayerProfile(name, 1000, 432, 768, eight, eight))],
            Notes = ["fc, weights at 2 bits: allowed are 4."],
            ComputedNodes = 600,
            NodesOfWholeForwards = 1200,
            WholeForwards = 0,
            WholeForwardsReason = null,
        };
    }

    private static SensitivityRow Row(string layer, QuantizerTarget target, int bits, int place)
    {
        var change = Math.Pow(4, 2 - bits) * (place == 1 ? 8 : 0.1 + (place % 7 * 0.05));
        var sqnr = bits == 8 ? double.PositiveInfinity : (6 * bits) - (20 * Math.Log10(change + 1));
        return new SensitivityRow(
            layer, target, bits, 0.61 + change, change, 0.81 - (change / 20), -change / 20, 6 * bits, sqnr,
            bits == 2 && place == 3 ? double.NaN : change / 3);
    }
}
