using AdaQat.Costs;
using AdaQat.Widths;
using Xunit.Abstractions;

namespace AdaQat.Tests.Steering;

/// <summary>Targets on ResNet-20's real costs are met whatever resistance the loss puts up.</summary>
public sealed class ResNet20TargetTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0.30e9, 0.01, 0.0)]
    [InlineData(0.50e9, 1.0, 0.0)]
    [InlineData(0.50e9, 1.0, 0.01)]
    [InlineData(0.50e9, 20.0, 0.01)]
    [InlineData(0.80e9, 0.1, 0.001)]
    [InlineData(1.50e9, 0.1, 0.001)]
    [InlineData(0.22e9, 0.1, 0.001)]
    public void Bit_operations_end_at_most_three_percent_under_the_target(double target, double sensitivity, double noise)
    {
        using var plant = new Plant(new BitWidthOptimizerOptions { TargetBitOps = target, TargetSteps = 400 }, sensitivity: sensitivity, noise: noise);

        var steps = plant.Steps(401);
        foreach (var s in steps.Where(s => s.Step % 25 == 0))
        {
            output.WriteLine($"{s.Step} {s.Lambda:g4} {s.Cost / 1e6:f0} {plant.Optimizer.Snapshot().Steering!.Plan!.CourseAt(s.Step, target) / 1e6:f0}");
        }
        output.WriteLine($"{plant.Optimizer.Snapshot().Steering!.Plan} loss {plant.RoundingLoss}");
        output.WriteLine(string.Join(" ", plant.Quantized.Layers.Select(l => $"{l.Cost.WeightBits.Bits}/{l.Cost.ActivationBits.Bits}")));

        plant.Cost.Should().BeInRange(0.97 * target, target);
        plant.Optimizer.AllFrozen.Should().BeTrue();
    }

    [Theory]
    [InlineData(0.30e9, 0.01, 0.0)]
    [InlineData(0.50e9, 1.0, 0.01)]
    [InlineData(0.80e9, 0.1, 0.001)]
    public void Network(double target, double sensitivity, double noise)
    {
        using var plant = new Plant(new BitWidthOptimizerOptions { TargetBitOps = target, TargetSteps = 400 }, Granularity.Network, sensitivity: sensitivity, noise: noise);

        var steps = plant.Steps(401);
        foreach (var s in steps.Where(s => s.Step % 25 == 0))
        {
            output.WriteLine($"{s.Step} {s.Lambda:g4} {s.Cost / 1e6:f0} {plant.Optimizer.Snapshot().Steering!.Plan!.CourseAt(s.Step, target) / 1e6:f0}");
        }
        output.WriteLine($"{plant.Optimizer.Snapshot().Steering!.Plan} loss {plant.RoundingLoss}");
        output.WriteLine(string.Join(" ", plant.Quantized.Layers.Select(l => $"{l.Cost.WeightBits.Bits}/{l.Cost.ActivationBits.Bits}")));
        plant.Cost.Should().BeLessThanOrEqualTo(target);
    }
}
