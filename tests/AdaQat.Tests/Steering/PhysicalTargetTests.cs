namespace AdaQat.Tests.Steering;

/// <summary>Targets in bytes, microjoules and microseconds are met on ResNet-20's real costs.</summary>
public sealed class PhysicalTargetTests
{
    private const int Horizon = 400;

    /// <summary>A time for each shape of ResNet-20 that grows with both widths.</summary>
    private static readonly Lazy<LatencyTable> Times = new(() =>
    {
        using var folder = new TemporaryFolder();
        using var plant = new Plant(new BitWidthOptimizerOptions { TotalSteps = Horizon });
        var path = folder.In("times.csv");
        LatencyTable.WriteTemplate(path, plant.Quantized.Profiles, [2, 4, 8], [2, 4, 8]);
        File.WriteAllLines(path, File.ReadAllLines(path).Select((line, i) => i == 0 ? line : line + Time(line.Split(','))));
        return LatencyTable.Read(path);
    });

    [Theory]
    [InlineData("stored weights", 0.4)]
    [InlineData("memory traffic", 0.5)]
    [InlineData("energy", 0.4)]
    [InlineData("latency", 0.5)]
    public void A_target_of_a_physical_cost_is_met_within_three_percent(string kind, double share)
    {
        using var same = new Plant(new BitWidthOptimizerOptions { TotalSteps = Horizon });
        var (least, most) = (CostAt(same, kind, 2), CostAt(same, kind, 8));
        var target = least + (share * (most - least));
        using var plant = new Plant(
            new BitWidthOptimizerOptions { Cost = Cost(same, kind), Target = target, TargetStep = Horizon }, noise: 0.001);

        plant.Steps(Horizon);

        plant.Cost.Should().BeInRange(0.97 * target, target);
        plant.Optimizer.AllFrozen.Should().BeTrue();
    }

    private static IHardwareCost Cost(Plant plant, string kind) => kind switch
    {
        "stored weights" => new StoredWeightCost(),
        "memory traffic" => plant.Quantized.MemoryTraffic,
        "energy" => new EnergyCost(EnergyTable.Horowitz45, plant.Quantized.MemoryTraffic),
        _ => new LatencyCost(Times.Value),
    };

    private static double CostAt(Plant plant, string kind, int bits) => Cost(plant, kind).Total(
        [.. plant.Quantized.Profiles.Select(l => new LayerBits(
            l, l.WeightBits.IsLearned ? bits : l.WeightBits.Bits, l.ActivationBits.IsLearned ? bits : l.ActivationBits.Bits))]);

    private static string Time(string[] cells) => FormattableString.Invariant(
        $"{cells[1].Length + (double.Parse(cells[4]) * 2) + double.Parse(cells[5])}");
}
